public import XMPP

/// Whom people may turn to about the service (XEP-0157), as URIs.
public struct ContactAddresses: Hashable, Sendable {
    public enum Purpose: String, Sendable, CaseIterable {
        case abuse, admin, feedback, sales, security, status, support
    }

    /// URIs, such as `xmpp:admin@example.org` or `mailto:admin@example.org`.
    public var uris: [Purpose: [String]]

    public init(_ uris: [Purpose: [String]] = [:]) {
        self.uris = uris
    }

    /// The form for disco#info; nil if there is nobody.
    public var dataForm: DataForm? {
        let fields = Purpose.allCases.compactMap { purpose -> DataForm.Field? in
            guard let uris = uris[purpose], !uris.isEmpty else { return nil }
            return DataForm.Field("\(purpose.rawValue)-addresses", .listMulti, values: uris)
        }
        guard !fields.isEmpty else { return nil }
        return DataForm(
            .result,
            formType: "http://jabber.org/network/serverinfo",
            fields: fields
        )
    }
}
