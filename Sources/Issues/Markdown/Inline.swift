/// A part of a line of text.
public indirect enum Inline: Hashable, Sendable {
    case text(String)
    case emphasis([Inline])
    case strong([Inline])
    case strikethrough([Inline])
    case code(String)
    case link(Link)
    case image(Image)

    /// The end of a line in the file, which readers see as a blank.
    case softBreak

    /// The end of a line that readers see too.
    case hardBreak
}

public struct Link: Hashable, Sendable {
    public var target: LinkTarget
    public var title: String?
    public var content: [Inline]
    public var place: SourcePlace

    public init(target: LinkTarget, title: String? = nil, content: [Inline], place: SourcePlace) {
        self.target = target
        self.title = title
        self.content = content
        self.place = place
    }
}

/// Where a link leads.
public enum LinkTarget: Hashable, Sendable {
    /// An absolute address.
    case address(String)

    /// A place on the issue's own page, by its id.
    case fragment(String)

    /// The address as it can be followed from anywhere, where the issue is at `page`, or at a place
    /// on it.
    public func address(on page: String?) -> String {
        switch self {
        case .address(let address): address
        case .fragment(let id): (page ?? "").prefix { $0 != "#" } + "#" + PercentEncoding.encode(id)
        }
    }
}

public struct Image: Hashable, Sendable {
    /// Absolute.
    public var source: String
    public var description: String
    public var title: String?
    public var place: SourcePlace

    public init(source: String, description: String, title: String? = nil, place: SourcePlace) {
        self.source = source
        self.description = description
        self.title = title
        self.place = place
    }
}

extension Sequence<Inline> {
    /// The words alone: no styling, no addresses, breaks as blanks.
    public var plainText: String {
        map(\.plainText).joined()
    }
}

extension Inline {
    var plainText: String {
        switch self {
        case .text(let text), .code(let text): text
        case .emphasis(let content), .strong(let content), .strikethrough(let content):
            content.plainText
        case .link(let link): link.content.plainText
        case .image(let image): image.description
        case .softBreak, .hardBreak: " "
        }
    }
}
