extension AddressResolver.Refusal {
    var rule: IssueRule {
        switch self {
        case .empty, .host, .noSite: .linkIncomplete
        case .schemeMissing: .schemeMissing
        case .scheme: .linkScheme
        }
    }

    /// What is wrong with the address as it was written, and what to do.
    func message(_ address: String) -> String {
        switch self {
        case .empty:
            "The link has no address, so readers get its text alone. Put one between the brackets."
        case .scheme(let scheme):
            "Links with '\(scheme):' are not passed on, so readers get the text alone. Use https:, "
                + "http:, xmpp: or mailto:."
        case .schemeMissing:
            "'\(address)' has no scheme, so readers get the text alone. Did you mean "
                + "'https://\(address)'?"
        case .host:
            "'\(address)' names no valid host, so readers get the text alone. Correct it."
        case .noSite:
            "'\(address)' is relative to a web site, and none is configured, so readers get the "
                + "text alone. Write the whole address."
        }
    }
}
