import Foundation
import Issues
import Localization

/// Notices translations that come into the folders of issues, and offers them.
///
/// What is there when it looks first ever is nothing new; later it goes on from what it has offered, so
/// that it misses nothing that comes while we are away, and offers nothing twice.
actor TranslationWatch {
    /// What there is to say and to remember after a look.
    struct Sight: Hashable {
        /// What the rooms of the newsletter are to hear; nil if nothing.
        var offer: String?
        /// All files but those that are still to be offered.
        var settled: Set<IssueFileName>
    }

    private static let mostOffers = 5

    /// The names of files there were, by newsletter.
    private var known: [String: Set<IssueFileName>] = [:]
    /// Those that came since the round before: a file may still be on its way into the folder.
    private var fresh: [String: Set<IssueFileName>] = [:]
    /// When the folder was changed last; while that stays there is nothing to look for.
    private var stamps: [String: Date] = [:]
    private var settled: [String: Set<IssueFileName>] = [:]

    /// Whether it has looked at the newsletter, or was told of what was remembered.
    func knows(_ newsletter: String) -> Bool { known[newsletter] != nil }

    func remember(_ files: Set<IssueFileName>, of newsletter: String) {
        known[newsletter] = files
        settled[newsletter] = files
    }

    /// Looks into the newsletter's folder; nil if there is nothing to say nor to remember.
    func look(at desk: NewsletterDesk) -> Sight? {
        let name = desk.newsletter.name
        let attributes = try? FileManager.default.attributesOfItem(atPath: desk.directory.path)
        let stamp = attributes?[.modificationDate] as? Date
        if let stamp, stamps[name] == stamp, fresh[name]?.isEmpty ?? true { return nil }
        guard let catalog = try? desk.catalog() else { return nil }
        stamps[name] = stamp
        let files = Set(catalog.entries.flatMap(\.files.values))
        let before = known.updateValue(files, forKey: name) ?? files
        let ready = (fresh[name] ?? []).intersection(files)
        let fresh = files.subtracting(before)
        self.fresh[name] = fresh
        let sight = Sight(
            offer: offer(of: ready, from: catalog, at: desk),
            settled: files.subtracting(fresh)
        )
        let isNews = settled.updateValue(sight.settled, forKey: name) != sight.settled
        return isNews ? sight : nil
    }

    private func offer(
        of ready: Set<IssueFileName>,
        from catalog: IssueCatalog,
        at desk: NewsletterDesk
    ) -> String? {
        let own = desk.newsletter.defaultFeed.language
        let offers = catalog.entries.flatMap { entry in
            entry.files.sorted { $0.key < $1.key }
                .filter { language, file in language != own && ready.contains(file) }
                .map { language, file in
                    desk.texts(
                        "watch.offer",
                        ["file": file.rawValue, "issue": "\(entry.id) \(language)"]
                    )
                }
        }
        guard !offers.isEmpty else { return nil }
        let left = offers.count - Self.mostOffers
        let rest = left > 0 ? [desk.texts("watch.more", count: left)] : []
        return (offers.prefix(Self.mostOffers) + rest).joined(separator: "\n")
    }
}
