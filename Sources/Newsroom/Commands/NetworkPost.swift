/// A text about an issue for a network that limits how long texts are.
struct NetworkPost: Hashable {
    /// Networks that people ask for, with the limits of their usual servers.
    enum Network: String, CaseIterable {
        case mastodon = "Mastodon"
        case bluesky = "Bluesky"

        /// The most characters, as a reader counts them.
        var limit: Int {
            switch self {
            case .mastodon: 500
            case .bluesky: 300
            }
        }

        /// As how many characters a link counts.
        func length(of link: String) -> Int {
            switch self {
            case .mastodon: link.hasPrefix("http") ? 23 : link.count
            case .bluesky: link.count
            }
        }
    }

    let network: Network
    let text: String
    /// By the network's way of counting.
    let length: Int

    /// Title, summary and link, the summary as far as it fits, and the title if that is all.
    init(_ network: Network, title: String, summary: String, link: String) {
        self.network = network
        let ending = "\n\n".count + network.length(of: link)
        let title = Self.shortened(title, to: network.limit - ending)
        let room = network.limit - ending - title.count - "\n\n".count
        let lead = Self.shortened(summary, to: room)
        text = [title, lead, link].filter { !$0.isEmpty }.joined(separator: "\n\n")
        length = text.count - link.count + network.length(of: link)
    }

    /// The beginning of a text, cut between words; nothing if hardly anything is left of it.
    private static func shortened(_ text: String, to limit: Int) -> String {
        guard text.count > limit else { return text }
        let mark = " …"
        let cut = text.prefix(max(0, limit - mark.count))
        guard let end = cut.lastIndex(where: \.isWhitespace), cut[..<end].count >= 20 else {
            return ""
        }
        return cut[..<end] + mark
    }
}
