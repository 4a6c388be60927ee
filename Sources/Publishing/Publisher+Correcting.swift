import Foundation
import PubSub
import Storage
import XMPP

/// What readers are told about a correction.
public struct CorrectionNote: Sendable {
    /// As the editor wrote it.
    public let text: String
    /// The whole message to a reader of that language.
    let message: @Sendable (_ language: String) -> String

    public init(_ text: String, message: @escaping @Sendable (_ language: String) -> String) {
        self.text = text
        self.message = message
    }
}

extension Publisher {
    /// Brings new texts to where the issue is published already, under its first id and date.
    ///
    /// PubSub readers are sent the item again. Chat readers are sent nothing if there is no note;
    /// otherwise those whose last message from us is the issue get the corrected text with the note in
    /// its place (XEP-0308), all others the note with a link. What is not published, or has not
    /// changed, is left alone, and its outcome says so.
    ///
    /// - Throws: ``PublishingError``, or what the database or the service has to complain of.
    public func correct(
        _ editions: [Edition],
        of newsletter: Newsletter,
        note: CorrectionNote? = nil,
        by person: String? = nil,
        alongside: @escaping Companion<[Outcome]> = { _, _ in }
    ) async throws -> [Outcome] {
        try await inOneTransaction(editions, of: newsletter, alongside: alongside) {
            try correct($0, note: note, by: person, in: $1)
        }
    }

    private func correct(
        _ publication: Publication,
        note: CorrectionNote?,
        by person: String?,
        in transaction: borrowing Transaction
    ) throws -> Outcome {
        guard let earlier = try publication.earlier(in: transaction), earlier.state == .published
        else { return publication.outcome(.notPublished) }
        guard earlier.contentHash != publication.edition.contentHash else {
            return publication.outcome(.unchanged(since: earlier.updatedAt))
        }
        let rendered = publication.rendered(after: earlier)
        let (readers, otherReaders) = try renew(
            rendered,
            of: publication,
            note: note,
            in: transaction
        )
        try transaction.recordVersion(
            PublicationVersion(
                .corrected,
                of: rendered.record,
                at: publication.date,
                by: person,
                note: note?.text
            )
        )
        return publication.outcome(
            .corrected(readers: readers),
            otherReaders: otherReaders,
            topics: try correctTopics(of: publication, note: note, in: transaction)
        )
    }

    /// Brings the new text to where the item is, and the note, if there is one, to chat readers.
    func renew(
        _ rendered: Publication.Rendered,
        of publication: Publication,
        note: CorrectionNote?,
        in transaction: borrowing Transaction
    ) throws -> (readers: Int, otherReaders: Int) {
        let feed = publication.edition.feed
        let readers = try engine.publish(
            rendered.item.correction(note, in: feed.language, cut),
            to: feed.node,
            note: .correction,
            in: transaction
        )
        try endDraft(of: publication.edition, in: transaction)
        var otherReaders = 0
        for (announcement, rendering) in zip(
            publication.edition.announcements,
            rendered.announcements
        ) where note != nil {
            otherReaders += try engine.announce(
                rendering.item.correction(note, in: announcement.feed.language, cut),
                to: rendering.node,
                note: .correction,
                in: transaction
            )
        }
        try transaction.recordPublication(rendered.record)
        return (readers, otherReaders)
    }
}

extension PublishedItem {
    /// The item with the texts that tell of its correction: the note, and where the whole is.
    ///
    /// Readers get that once, in however many parts they had the issue.
    fileprivate func correction(
        _ note: CorrectionNote?,
        in language: String,
        _ cut: (String) -> [String]
    ) -> PublishedItem {
        var item = self
        guard let note, let link = chat[.link] else {
            (item.body, item.chat) = (nil, [:])
            return item
        }
        item.replacements = chat.compactMapValues { texts in
            let text = "\(texts.joined(separator: "\n"))\n\n\(note.message(language))"
            return cut(text).count == 1 ? text : nil
        }
        let text = "\(note.message(language))\n\n\(link.joined(separator: "\n"))"
        let messages = cut(text)
        item.body = text
        item.chat = Dictionary(uniqueKeysWithValues: ChatAmount.allCases.map { ($0, messages) })
        return item
    }
}
