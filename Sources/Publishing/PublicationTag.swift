import Foundation
import XMPP

/// The ids of entries: tag URIs (RFC 4151) that depend on neither title nor web address.
///
/// The authority is fixed at the first publish, so that a feed keeps its ids when it moves.
package struct PublicationTag {
    /// The name of the setting that keeps ``authority``.
    package static let settingKey = "tagAuthority"

    /// A domain name and the day on which it was ours, `news.example.org,2026-11-21`.
    let authority: String

    init(authority: String) {
        self.authority = authority
    }

    init(domain: JID, on day: Date) {
        let stamp = day.formatted(.iso8601.year().month().day())
        authority = "\(domain.domainpart),\(stamp)"
    }

    func atomID(newsletter: String, issue: ItemID, feed: Newsletter.Feed) -> String {
        let section = feed.topic.map { [$0.section] } ?? []
        let parts = ([newsletter, issue.rawValue, feed.language] + section)
            .map { $0.percentEncoded() }
        return "tag:\(authority):\(parts.joined(separator: "/"))"
    }
}
