/// A block of an issue's text.
public struct Block: Hashable, Sendable {
    public indirect enum Content: Hashable, Sendable {
        case heading(Heading)
        case paragraph([Inline])
        case list(BulletList)
        case quote([Block])
        case code(language: String?, text: String)
        case table(Table)
        case figure(Figure)

        /// The box in which the web page offers to subscribe; it means nothing elsewhere.
        case subscribeBox
        case thematicBreak
    }

    public var content: Content

    /// Where it begins in the file.
    public var place: SourcePlace

    public init(_ content: Content, at place: SourcePlace) {
        self.content = content
        self.place = place
    }
}

public struct Heading: Hashable, Sendable {
    /// 1 to 6.
    public var level: Int

    /// What a fragment names it by; no other heading of the issue has the same.
    public var id: String
    public var text: [Inline]

    public init(level: Int, id: String, text: [Inline]) {
        self.level = level
        self.id = id
        self.text = text
    }
}

public struct BulletList: Hashable, Sendable {
    /// The number of the first item; nil if items have bullets.
    public var start: Int?

    /// Whether the items follow each other without space: their paragraphs are none of their own.
    public var isTight: Bool
    public var items: [[Block]]

    public init(start: Int? = nil, isTight: Bool, items: [[Block]]) {
        self.start = start
        self.isTight = isTight
        self.items = items
    }
}

public struct Table: Hashable, Sendable {
    public typealias Cell = [Inline]

    public var header: [Cell]
    public var rows: [[Cell]]

    public init(header: [Cell], rows: [[Cell]]) {
        self.header = header
        self.rows = rows
    }
}

/// An image with a caption, as the shortcode `figure` gives it.
public struct Figure: Hashable, Sendable {
    /// Absolute.
    public var source: String

    /// What the image shows, for those who can't see it; the caption's text if nothing was given.
    public var description: String
    public var title: String?
    public var caption: [Inline]

    /// Where a click on the image leads.
    public var link: LinkTarget?

    /// In pixels, or with `%`.
    public var width: String?
    public var height: String?

    public init(
        source: String,
        description: String,
        title: String? = nil,
        caption: [Inline] = [],
        link: LinkTarget? = nil,
        width: String? = nil,
        height: String? = nil
    ) {
        self.source = source
        self.description = description
        self.title = title
        self.caption = caption
        self.link = link
        self.width = width
        self.height = height
    }
}
