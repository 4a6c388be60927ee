import Commands

extension Parameter {
    /// The issue a command is about.
    static let issue = Parameter(
        "issue",
        .issue,
        summary: .text("parameter.issue")
    )

    /// Some of its languages, or none for all.
    static let languages = Parameter(
        "language",
        .language,
        isRequired: false,
        isRepeated: true,
        summary: .text("parameter.languages")
    )
}

extension CommandInvocation {
    /// The issue that was named.
    var issueName: String { arguments["issue"] ?? "" }

    /// The languages that were named, in lower case; nil for all.
    var namedLanguages: [String]? {
        let named = arguments.all("language").map { $0.lowercased() }
        return named.isEmpty || named.contains("all") ? nil : named
    }
}
