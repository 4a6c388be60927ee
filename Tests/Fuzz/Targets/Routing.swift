import Component
import Foundation
import Readers
import XML
import XMPP

@testable import Daemon

/// Where stanzas go, by their addresses and their namespace: nobody gets through a door that the
/// server has not vouched for, nor by way of a room where issues are announced, and what is answered
/// goes back to whoever asked.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRouting(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let stage = Stage.stage else { fatalError("no stage") }
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    let stream = "<s xmlns='\(Namespace.componentAccept.rawValue)'>"
    guard let events = try? Parser().parse((stream + text).utf8) else { return 0 }
    for case .element(let element) in events {
        do throws(StanzaReadingError) {
            stage.check(try Stanza(element))
        } catch {
            _ = stage.book.visitor(.unreadable(error), by: nil)
        }
        _ = stage.book.visitor(.oversized(element, size: 1), by: nil)
    }
    return 0
}

private struct Stage {
    static let stage = Stage()

    let domain: JID
    let book: AddressBook
    private let square: JID
    private let guestRooms = ReadingRooms()

    init?() {
        guard let domain = try? JID("news.verona.lit"),
            let contact = try? JID("dispatch@news.verona.lit"),
            let room = try? JID("comm-team@rooms.verona.lit"),
            let square = try? JID("square@rooms.verona.lit")
        else { return nil }
        self.domain = domain
        self.square = square
        guestRooms.add(square)
        book = AddressBook(
            domain: domain,
            contacts: [contact],
            rooms: [room],
            commands: ["subscribe", "publish"]
        )
    }

    func check(_ stanza: Stanza) {
        let route = book.route(stanza)
        switch route {
        case .service(let iq):
            demand(iq.to == domain && iq.type.isRequest, "\(stanza)")
        case .contact(let iq, let address), .command(let iq, let address),
            .registration(let iq, let address):
            demand(iq.type.isRequest && isOurs(address), "\(stanza)")
            demand(iq.to?.bare == address, "\(stanza)")
        case .presence(let presence, let address):
            demand(isOurs(address) && presence.to?.bare == address, "\(stanza)")
        case .room(let room, _):
            demand(book.rooms.contains(room) && stanza.from?.bare == room, "\(stanza)")
        case .guestRoom, .occupant:
            demand(false, "in no room: \(stanza)")
        case .invitation(let invitation, let message):
            demand(isOurs(invitation.contact) && message.type != .error, "\(stanza)")
        case .decision(let message):
            demand(message.to == domain && message.type != .error, "\(stanza)")
        case .chat(let message):
            demand(
                message.type != .error && message.to.map { isOurs($0.bare) } == true,
                "\(stanza)"
            )
        case .bounce(let message):
            demand(message.type == .error, "\(stanza)")
        case .token:
            demand(stanza.from == domain, "\(stanza)")
        case .nobody:
            demand(stanza.to.map { !isOurs($0) } ?? true, "\(stanza)")
        case .nothing:
            break
        }
        checkGuest(stanza, route)
        checkRefusal(of: stanza)
        checkVisitor(stanza, route)
    }

    /// The address of a room is that of a reader: nobody in it gets anything done in its name.
    private func checkGuest(_ stanza: Stanza, _ route: Route) {
        let guestRoute = book.route(stanza, guestRooms: guestRooms)
        guard stanza.from?.bare == square else {
            return demand(guestRoute == route, "\(stanza)")
        }
        switch guestRoute {
        case .guestRoom(let room, _): demand(room == square, "\(stanza)")
        case .occupant(let iq): demand(iq.type.isRequest, "\(stanza)")
        case .service(let iq): demand(iq.type == .get, "\(stanza)")
        case .contact, .nobody, .nothing: break
        default: demand(false, "in the room's name: \(stanza)")
        }
    }

    private func isOurs(_ address: JID) -> Bool {
        address == domain || book.contacts.contains(address)
    }

    /// Never to an answer, or two programs would go on for ever; never to somebody else.
    private func checkRefusal(of stanza: Stanza) {
        guard let refusal = stanza.refusal(StanzaError(.serviceUnavailable)) else { return }
        demand(refusal.to == stanza.from && refusal.from == stanza.to, "\(stanza)")
        demand(refusal.refusal(StanzaError(.serviceUnavailable)) == nil, "\(stanza)")
        demand((try? Element(xml: refusal.element().xml())) != nil, "\(stanza)")
    }

    /// Whatever costs something counts for somebody.
    private func checkVisitor(_ stanza: Stanza, _ route: Route) {
        guard book.visitor(.stanza(stanza), by: route) == nil, stanza.from != nil else { return }
        switch route {
        case .room, .token, .nothing: break
        default: fatalError("not counted: \(stanza)")
        }
    }
}
