import Foundation
import Issues
import Localization

/// Notices translations that come into the folders of issues, and offers them.
///
/// What is there when it looks first is nothing new, so a restart offers nothing twice.
actor TranslationWatch {
    private static let mostOffers = 5

    /// The names of files there were, by newsletter.
    private var known: [String: Set<IssueFileName>] = [:]
    /// Those that came since the round before: a file may still be on its way into the folder.
    private var fresh: [String: Set<IssueFileName>] = [:]
    /// When the folder was changed last; while that stays there is nothing to look for.
    private var stamps: [String: Date] = [:]

    /// What the rooms of the newsletter are to hear; nil if nothing.
    func look(at desk: NewsletterDesk) -> String? {
        let name = desk.newsletter.name
        let attributes = try? FileManager.default.attributesOfItem(atPath: desk.directory.path)
        let stamp = attributes?[.modificationDate] as? Date
        if let stamp, stamps[name] == stamp, fresh[name]?.isEmpty ?? true { return nil }
        guard let catalog = try? desk.catalog() else { return nil }
        stamps[name] = stamp
        let files = Set(catalog.entries.flatMap(\.files.values))
        let before = known.updateValue(files, forKey: name)
        guard let before else { return nil }
        let ready = (fresh[name] ?? []).intersection(files)
        fresh[name] = files.subtracting(before)
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
