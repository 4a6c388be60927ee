/// An issue of a newsletter in one language, as its file has it.
public struct NewsletterIssue: Hashable, Sendable {
    public let id: IssueID

    /// The language tag, in lower case.
    public let language: String
    public let fileName: IssueFileName
    public let frontMatter: FrontMatter
    public let body: [Block]

    /// The sections of the body.
    public let outline: IssueOutline

    /// Where the issue is on the web; nil if the newsletter has no site.
    public let webAddress: String?

    /// What looks wrong, in the order of the file; none of it keeps the issue from being published.
    public let warnings: [IssueFinding]

    public var title: String { frontMatter.title }
}

/// What must be known of a newsletter to read its files.
public struct IssueContext: Sendable {
    /// The language of files without a suffix.
    public var defaultLanguage: String

    /// Where the issues are on the web, if anywhere.
    public var site: WebSite?

    /// How the headings of sections are told; without one, by their level alone.
    public var taxonomy: Taxonomy?

    /// Where the images of the site are; nil if they are not at hand.
    public var images: ImageFolder?

    /// Turns international host names into punycode; by default they stay as they are.
    public var hostToASCII: AddressResolver.HostEncoder

    public init(
        defaultLanguage: String,
        site: WebSite? = nil,
        taxonomy: Taxonomy? = .xmppNewsletter,
        images: ImageFolder? = nil,
        hostToASCII: @escaping AddressResolver.HostEncoder = { $0 }
    ) {
        self.defaultLanguage = defaultLanguage.lowercased()
        self.site = site
        self.taxonomy = taxonomy
        self.images = images
        self.hostToASCII = hostToASCII
    }
}

extension NewsletterIssue {
    /// Reads a file's bytes; what is wrong with them is thrown all at once.
    public static func parse(
        _ bytes: [UInt8],
        fileName: IssueFileName,
        in context: IssueContext
    ) throws(IssueError) -> NewsletterIssue {
        var log = FindingLog(file: fileName.rawValue)
        guard let text = SourceText.decode(bytes, log: &log) else { throw IssueError(log.sorted) }
        return try parse(clean: text, fileName, context, &log)
    }

    /// Reads a file's text; what is wrong with it is thrown all at once.
    public static func parse(
        _ text: String,
        fileName: IssueFileName,
        in context: IssueContext
    ) throws(IssueError) -> NewsletterIssue {
        var log = FindingLog(file: fileName.rawValue)
        let text = SourceText.clean(text, log: &log)
        return try parse(clean: text, fileName, context, &log)
    }

    private static func parse(
        clean text: String,
        _ fileName: IssueFileName,
        _ context: IssueContext,
        _ log: inout FindingLog
    ) throws(IssueError) -> NewsletterIssue {
        guard let parts = SourceParts(text, log: &log) else { throw IssueError(log.sorted) }
        let frontMatter = FrontMatterReader.read(parts.frontMatter, of: fileName, log: &log)
        let webAddress = frontMatter.flatMap { context.site?.address(of: $0, in: fileName) }
        let resolver = AddressResolver(
            base: context.site?.base,
            page: webAddress,
            hostToASCII: context.hostToASCII
        )
        let language = fileName.language ?? context.defaultLanguage
        let body = BodyReader.read(
            parts.body,
            firstLine: parts.bodyLine,
            resolver: resolver,
            sections: SectionNames(taxonomy: context.taxonomy, language: language),
            log: &log
        )
        guard let frontMatter, !log.hasErrors else { throw IssueError(log.sorted) }
        return NewsletterIssue(
            id: fileName.issue,
            language: language,
            fileName: fileName,
            frontMatter: frontMatter,
            body: body,
            outline: OutlineBuilder.outline(of: body, by: context.taxonomy, language: language),
            webAddress: webAddress,
            warnings: log.sorted
        )
    }
}

extension IssueDirectory {
    /// Reads the file of an issue in a language.
    public func issue(
        _ id: IssueID,
        language: String,
        in context: IssueContext
    ) throws -> NewsletterIssue {
        let (name, bytes) = try read(id, language: language)
        return try NewsletterIssue.parse(bytes, fileName: name, in: context)
    }
}
