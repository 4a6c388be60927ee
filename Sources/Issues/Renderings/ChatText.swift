public import XMPP

extension NewsletterIssue {
    /// The issue as a chat message.
    ///
    /// Its first line is the title and its last one leads to the whole issue, since these are what
    /// clients preview.
    ///
    /// Where the language a reader asked for is not the issue's, a line says so. `link` is where
    /// the whole issue is, if it is not on the web.
    public func chatText(
        _ amount: ChatAmount,
        for reader: String? = nil,
        link: String? = nil
    ) -> String {
        var parts = [title]
        if let reader, reader.lowercased() != language {
            parts.append(Self.notTranslated(wanted: reader, have: language))
        }
        switch amount {
        case .full: parts.append(PlainTextRendering(language: language).text(of: body))
        case .short: parts += [lead(), contentsText].compactMap { $0 }
        case .link: break
        }
        if let line = linkLine(link) { parts.append(line) }
        // A title and its link belong together.
        let separator = amount == .link ? "\n" : "\n\n"
        return parts.filter { !$0.isEmpty }.joined(separator: separator).closingDirections()
    }

    /// The body of the message that carries the item to readers of `pubsub#include_body`: title,
    /// summary, link.
    public func eventBody(link: String? = nil) -> String {
        [title, lead(), linkLine(link)].compactMap { $0 }.joined(separator: "\n\n")
            .closingDirections()
    }

    /// Tells a reader, in the wanted language, that the issue is there in another one only.
    public static func notTranslated(wanted: String, have: String) -> String {
        Labels(in: wanted).notTranslated(wanted: wanted, have: have)
    }

    private var contentsText: String? {
        let titles = contents
        guard !titles.isEmpty else { return nil }
        return ([Labels(in: language).contents] + titles.map { "- \($0)" }).joined(separator: "\n")
    }

    private func linkLine(_ link: String?) -> String? {
        let separator = TextDirection(of: language) == .rightToLeft ? "\n" : " "
        return (webAddress ?? link).map { Labels(in: language).readOnline + separator + $0 }
    }
}
