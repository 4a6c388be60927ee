/// The name of an XML namespace (Namespaces in XML 1.0, §2).
///
/// The names XMPP uses are constants of this type, all of them in `XMPP/Namespaces.swift`.
public struct Namespace: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public init(stringLiteral value: String) {
        self.rawValue = value
    }

    /// The namespace of a name that has none: `xmlns=''`, or an attribute without prefix.
    public static let none: Namespace = ""

    /// The namespace of `xml:lang`; its prefix `xml` needs no declaration.
    public static let xml: Namespace = "http://www.w3.org/XML/1998/namespace"
}
