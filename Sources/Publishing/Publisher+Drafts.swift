import Foundation
import PubSub
import Storage
public import XMPP

extension Publisher {
    /// Puts an edition where the person alone sees it who wants to, and those who did before: into
    /// the hidden node of drafts beside that of its feed.
    ///
    /// The ledger knows nothing of it. A later draft of the same issue takes the place of this one,
    /// which lasts until that issue is published or corrected; the node lasts as long as its drafts.
    ///
    /// - Returns: The address of the item, for clients to open.
    /// - Throws: `PubSubError` if the one before is still on its way, or the node is somebody else's.
    public func draft(
        _ edition: Edition,
        of newsletter: Newsletter,
        for person: JID
    ) async throws -> String {
        let (node, date) = (edition.feed.draftNode, now())
        let uri = PubSubURI(service, node: node, item: edition.issue).description
        try await store.write { transaction in
            if let taken = try transaction.node(named: node)?.node,
                taken.creator != nil || taken.newsletter != nil
            {
                throw PubSubError.nodeExists(node)
            }
            let authority = try transaction.setting(PublicationTag.settingKey)
            let tag =
                authority.map(PublicationTag.init) ?? PublicationTag(domain: service, on: date)
            let rendering = edition.render(
                PublicationStamp(
                    atomID: tag.atomID(
                        newsletter: newsletter.name,
                        issue: edition.issue,
                        feed: edition.feed
                    ) + "/draft",
                    itemURI: uri,
                    publishedAt: date,
                    updatedAt: date
                )
            )
            let item = PublishedItem(
                id: edition.issue,
                payload: rendering.payload,
                publisher: newsletter.contact,
                language: edition.feed.language,
                body: rendering.body,
                chat: rendering.chat.mapValues(cut),
                chatSender: newsletter.contact
            )
            let definition = NodeDefinition(
                id: node,
                language: edition.feed.language,
                title: "\(newsletter.title) (\(edition.feed.language), drafts)",
                isHidden: true
            )
            try engine.draft(item, at: definition, for: person, in: transaction)
        }
        return uri
    }

    /// Takes away the draft of an edition whose readers have it now.
    func endDraft(of edition: Edition, in transaction: borrowing Transaction) throws {
        try engine.endDraft(edition.issue, at: edition.feed.draftNode, in: transaction)
    }
}
