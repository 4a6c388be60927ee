public import XML

/// The name and version of a program (XEP-0092).
public struct SoftwareVersion: Hashable, Sendable {
    public var name: String
    public var version: String

    public init(name: String, version: String) {
        self.name = name
        self.version = version
    }

    public var element: Element {
        Element("query", in: .softwareVersion) {
            Element("name") { name }
            Element("version") { version }
        }
    }
}
