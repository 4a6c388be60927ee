import Foundation
import IDNA
public import Issues
import Publishing
import Spelling
import XMPP

/// How a newsletter's issue files are read and checked.
extension ConfigurationReading {
    /// The sections of the issues; a file that does not describe them is noted.
    static func taxonomy(_ section: SettingsReader) -> Taxonomy? {
        guard let name = section.string("taxonomy") else { return .xmppNewsletter }
        guard name != "none", let file = section.optionalFile("taxonomy") else { return nil }
        do {
            return try Taxonomy(file: file)
        } catch {
            section.note("\(error)", key: "taxonomy")
            return nil
        }
    }

    /// A feed for each topic in each language; its node's name is under `LANGUAGE/SECTION` if it is
    /// not that of the language with `-SECTION` behind it.
    static func topicFeeds(
        _ section: SettingsReader,
        of feeds: [Newsletter.Feed],
        _ taxonomy: Taxonomy?,
        _ names: [String: String]
    ) -> [Newsletter.Feed] {
        let named = section.strings("topics", default: []) ?? []
        let known = (taxonomy?.entries ?? []).filter { $0.parent == nil && $0.kind != .boilerplate }
        let chosen = named == ["all"] ? known.map(\.id.rawValue) : named
        let topics = chosen.compactMap { name -> Taxonomy.Entry? in
            if let entry = known.first(where: { $0.id.rawValue == name }) { return entry }
            let nearest = NearestName.to(name, among: known.map(\.id.rawValue))
            let advice =
                nearest.map { "; did you mean '\($0)'?" }
                ?? (known.isEmpty ? ": without a taxonomy there are none." : ".")
            section.note("There is no section '\(name)'\(advice)", key: "topics")
            return nil
        }
        return feeds.flatMap { whole in
            topics.compactMap { entry in
                let name = names["\(whole.language)/\(entry.id)"] ?? "\(whole.node)-\(entry.id)"
                return NodeID(rawValue: name).map { node in
                    Newsletter.Feed(
                        language: whole.language,
                        node: node,
                        topic: Newsletter.Feed.Topic(
                            section: entry.id.rawValue,
                            title: entry.title(in: whole.language),
                            wholeNode: whole.node
                        )
                    )
                }
            }
        }
    }

    /// The feeds, with what `summary_events` says of them.
    ///
    /// A feed's name is its language, that of a section's with `/SECTION` behind it, as in `nodes`.
    static func withEventPayloads(
        _ section: SettingsReader,
        of feeds: [Newsletter.Feed],
        engine: JID?
    ) -> [Newsletter.Feed] {
        let key = "summary_events"
        let named = section.strings(key, default: []) ?? []
        guard !named.isEmpty else { return feeds }
        if let engine {
            section.warn("What events from \(engine) carry is decided there.", key: key)
        }
        let names = feeds.map { feed in
            (feed.topic.map { "\(feed.language)/\($0.section)" } ?? feed.language).lowercased()
        }
        let chosen = named == ["all"] ? names : named.map { $0.lowercased() }
        for name in chosen where !names.contains(name) {
            let nearest = NearestName.to(name, among: names)
            let advice = nearest.map { "; did you mean '\($0)'?" } ?? "."
            section.note("There is no feed '\(name)'\(advice)", key: key)
        }
        return zip(feeds, names).map { feed, name in
            var feed = feed
            if chosen.contains(name) { feed.eventPayload = .summary }
            return feed
        }
    }

    static func checks(_ section: SettingsReader) -> CheckSettings {
        var settings = CheckSettings()
        for (name, line, level) in section.choices("rules", of: IssueRule.Level.self) {
            if let rule = IssueRule(rawValue: name) {
                settings.levels[rule] = level
            } else {
                let nearest = NearestName.to(name, among: IssueRule.allCases.map(\.rawValue))
                let advice = nearest.map { "; did you mean '\($0)'?" } ?? "."
                section.note("There is no rule '\(name)'" + advice, at: line)
            }
        }
        settings.maximumItemSize = section.integer(
            "maximum_item_size",
            default: settings.maximumItemSize,
            in: 1_000...100_000_000
        )
        settings.maximumMessageSize = section.integer(
            "maximum_message_size",
            default: settings.maximumMessageSize,
            in: 500...100_000_000
        )
        settings.specifications = specifications(section)
        return settings
    }

    private static func specifications(_ section: SettingsReader) -> SpecificationList? {
        guard let file = section.optionalFile("specifications") else { return nil }
        do {
            return try SpecificationList(file: file)
        } catch {
            section.note("\(error)", key: "specifications")
            return nil
        }
    }
}

extension NewsletterSettings {
    /// What must be known of the newsletter to read its files.
    public var issueContext: IssueContext {
        let site = site
        let images = images.flatMap { folder in
            site.map { ImageFolder(path: folder.path(percentEncoded: false), site: $0) }
        }
        return IssueContext(
            defaultLanguage: language,
            site: site,
            taxonomy: taxonomy,
            images: images,
            hostToASCII: { try? DomainName.toASCII($0) }
        )
    }
}
