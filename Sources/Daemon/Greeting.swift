import Component
import Logging
import Readers
import Storage
import XMPP

/// Shows all who have us as a contact that we are there, once the stream is open.
///
/// Their servers ask for our presence only when they come online themselves.
struct Greeting: Sendable {
    /// How many contacts are read at once.
    private static let pageSize = 500

    let contactBook: ContactBook
    let store: Store
    let logger: Logger

    func run(on stream: any StanzaStream) async {
        var last: ContactRecord?
        do {
            while !Task.isCancelled {
                let (after, size) = (last, Self.pageSize)
                let page = try await store.read { try $0.contacts(after: after, atMost: size) }
                for contact in page {
                    guard let own = contactBook.presences[contact.address] else { continue }
                    try await stream.send(.presence(own.available(to: contact.jid)))
                }
                guard page.count == size else { break }
                last = page.last
            }
        } catch is StreamClosed {
            return
        } catch {
            logger.error("Contacts were not greeted", metadata: ["reason": "\(error)"])
        }
    }
}
