/// The name of an attribute: a plain local name, or Clark notation (`{namespace}local`).
///
/// Nearly all attributes in XMPP have no namespace, so a name costs one string.
public struct AttributeName: Hashable, Sendable, ExpressibleByStringLiteral {
    /// `local`, or `{namespace}local`.
    public let rawValue: String

    public init(_ local: String, in namespace: Namespace = .none) {
        rawValue = namespace == .none ? local : "{\(namespace.rawValue)}\(local)"
    }

    public init(stringLiteral value: String) {
        rawValue = value
    }

    /// `xml:lang`, the language of an element and all it holds (RFC 6120 §8.1.5).
    public static let xmlLang = AttributeName("lang", in: .xml)

    /// The part after the namespace.
    public var local: Substring {
        guard let end = namespaceEnd else { return rawValue[...] }
        return rawValue[rawValue.utf8.index(after: end)...]
    }

    public var namespace: Namespace {
        guard let end = namespaceEnd else { return .none }
        return Namespace(
            rawValue: String(rawValue[rawValue.utf8.index(after: rawValue.startIndex)..<end])
        )
    }

    /// Where the closing brace stands: the last one, since a namespace may hold some too.
    ///
    /// It is searched for in bytes, which is quicker than in characters.
    private var namespaceEnd: String.Index? {
        guard rawValue.utf8.first == UInt8(ascii: "{") else { return nil }
        return rawValue.utf8.lastIndex(of: UInt8(ascii: "}"))
    }
}

/// The attributes of an element, in the order they were written.
///
/// Two lists with the same names and values are equal whatever their order (XML 1.0 §3.1).
public struct Attributes: Sendable, ExpressibleByDictionaryLiteral {
    public struct Attribute: Hashable, Sendable {
        public let name: AttributeName
        public var value: String

        public init(name: AttributeName, value: String) {
            self.name = name
            self.value = value
        }
    }

    private var list: [Attribute]

    public init() {
        list = []
    }

    /// Adopts a list whose names are known to differ.
    init(unique list: [Attribute]) {
        self.list = list
    }

    /// An entry whose value is nil is left out; no name may stand there twice.
    public init(dictionaryLiteral entries: (AttributeName, String?)...) {
        assert(Set(entries.map(\.0)).count == entries.count, "a name stands there twice")
        list = []
        list.reserveCapacity(entries.count)
        for case (let name, let value?) in entries {
            list.append(Attribute(name: name, value: value))
        }
    }

    /// The value of the attribute; setting nil removes it, a new name goes to the end.
    public subscript(name: AttributeName) -> String? {
        get {
            list.first { $0.name == name }?.value
        }
        set {
            let index = list.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): list[index].value = value
            case (let index?, nil): list.remove(at: index)
            case (nil, let value?): list.append(Attribute(name: name, value: value))
            case (nil, nil): break
            }
        }
    }
}

extension Attributes: Hashable {
    public static func == (left: Attributes, right: Attributes) -> Bool {
        left.count == right.count && left.allSatisfy { right[$0.name] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(list.reduce(0) { $0 ^ $1.hashValue })
    }
}

extension Attributes: RandomAccessCollection {
    public var startIndex: Int { list.startIndex }
    public var endIndex: Int { list.endIndex }
    public subscript(position: Int) -> Attribute { list[position] }
}
