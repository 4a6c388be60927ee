import Foundation
public import XML
public import XMPP

/// What an address can do, in so few bytes that it goes along with presence (XEP-0115).
public struct EntityCapabilities: Hashable, Sendable {
    /// The program's name, as an address on the web that leads to it or could.
    public let program: String
    public let info: DiscoInfo
    /// Nil where OpenSSL has no SHA-1.
    private let verification: String?

    public init(program: String, info: DiscoInfo) {
        self.program = program
        self.info = info
        let bytes = Array(Self.text(of: info).utf8)
        verification = SHA1.digest(of: bytes).map { Data($0).base64EncodedString() }
    }

    /// The node at which clients ask what the hash stands for; nil if there is no hash.
    public var node: String? { verification.map { "\(program)#\($0)" } }

    public var element: Element? {
        verification.map { verification in
            Element(
                "c",
                in: .capabilities,
                ["hash": "sha-1", "node": program, "ver": verification]
            )
        }
    }

    /// What is answered at that node.
    public var infoAtNode: DiscoInfo {
        var info = info
        info.node = node
        return info
    }

    /// The text that is hashed (XEP-0115 §5.1).
    static func text(of info: DiscoInfo) -> String {
        let identities = info.identities.map { "\($0.category)/\($0.type)//\($0.name ?? "")" }
        let features = info.features.map(\.rawValue)
        let forms = info.forms.sorted { ($0.formType ?? "") < ($1.formType ?? "") }
        let parts = identities.sorted() + features.sorted() + forms.flatMap(parts)
        return parts.map { $0 + "<" }.joined()
    }

    private static func parts(of form: DataForm) -> [String] {
        let fields = form.fields
            .filter { $0.name != "FORM_TYPE" }
            .sorted { ($0.name ?? "") < ($1.name ?? "") }
        return [form.formType ?? ""] + fields.flatMap { [$0.name ?? ""] + $0.values.sorted() }
    }
}
