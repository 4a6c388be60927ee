import Component
import Delivery
import Foundation
import Logging
import Newsroom
import PubSub
import Readers
import Storage
import XML
import XMPP

/// Takes each stanza to where it belongs.
///
/// What is quick is done here, in the order of arrival; commands go to a queue, since they may take
/// their time.
struct Switchboard: StanzaStreamDelegate {
    /// The name of the setting that says that the server has accepted us once.
    static let hasBeenOnlineKey = "hasBeenOnline"

    let addresses: AddressBook
    let gatekeeper: Gatekeeper
    let serviceDesk: ServiceDesk
    let contactDesk: ContactDesk
    let chatDesk: ChatDesk
    let commandDesk: CommandDesk
    let readerDoor: ReaderDoor
    let roomDesks: [JID: RoomDesk]
    let guestRooms: GuestRooms
    /// The rooms among those that we sit in.
    let readingRooms: ReadingRooms
    let dispatcher: Dispatcher
    /// Takes what came back from readers.
    let returned: ReturnedMessages
    let outbox: Outbox
    let mailroom: Mailroom
    let requestLine: RequestLine
    let twinCheck: TwinCheck
    let activities: [StreamActivity]
    let link: StreamLink
    let logger: Logger

    nonisolated(nonsending) func streamOpened(_ stream: any StanzaStream) async {
        do {
            try await serviceDesk.store.write { transaction in
                try transaction.setSetting(Self.hasBeenOnlineKey, to: "yes")
            }
        } catch {
            logger.error("Not stored", metadata: ["reason": "\(error)"])
        }
        await link.opened(stream)
        for activity in activities {
            activity.streamOpened(stream)
        }
        for desk in roomDesks.values {
            await desk.room.streamOpened(stream)
        }
        await guestRooms.streamOpened(stream)
    }

    nonisolated(nonsending) func streamEnded(_ end: StreamEnd) async {
        await requestLine.finish()
        await mailroom.finish()
        await link.ended(end)
        await dispatcher.streamEnded(end)
        for activity in activities {
            activity.streamEnded()
        }
        for desk in roomDesks.values {
            await desk.room.streamEnded()
        }
        await guestRooms.streamEnded()
    }

    func notOpened(reason: String) async {
        await link.failed(reason)
    }

    func sift(_ batch: [Inbound], isFull: Bool) -> SiftedBatch {
        var (leading, visitors): ([Inbound], [Visitor?]) = ([], [])
        leading.reserveCapacity(batch.count)
        visitors.reserveCapacity(batch.count)
        for inbound in batch {
            dispatcher.refusals.note(inbound)
            let route = route(inbound)
            // What leads to nothing is not to wait, nor to let others wait.
            if case .nothing? = route { continue }
            leading.append(inbound)
            visitors.append(addresses.visitor(inbound, by: route))
        }
        let verdicts = gatekeeper.verdicts(on: visitors, isFull: isFull)
        guard verdicts.contains(where: { $0 != .admitted }) else {
            return SiftedBatch(admitted: leading)
        }
        var sifted = SiftedBatch(admitted: [])
        sifted.admitted.reserveCapacity(leading.count)
        for (inbound, verdict) in zip(leading, verdicts) {
            if verdict == .admitted {
                sifted.admitted.append(inbound)
            } else if let refusal = refusal(of: inbound, by: verdict) {
                sifted.refusals.append(refusal)
            }
        }
        outbox.metrics.stanzasTurnedAway.increment(by: leading.count - sifted.admitted.count)
        return sifted
    }

    nonisolated(nonsending) func received(
        _ batch: [Inbound],
        on stream: any StanzaStream
    ) async {
        if let requests = lined(batch) {
            await requestLine.add(requests, on: stream)
            return
        }
        // Whatever else somebody wants is done after what was asked before.
        await requestLine.finish()
        let begin = ContinuousClock.now
        defer { outbox.metrics.batchTime.record(duration: begin.duration(to: .now)) }
        var replies: [Stanza] = []
        var unread: [Element] = []
        var requests: [IQ] = []
        var bounces: [Message] = []
        for inbound in batch {
            guard let route = route(inbound) else {
                unread += refusal(of: inbound).map { [$0] } ?? []
                continue
            }
            if let message = route.bounce { bounces.append(message) }
            switch route {
            case .service(let iq):
                requests.append(iq)
            case .contact(let iq, let contact):
                replies.append(.iq(contactDesk.answer(to: iq, at: contact)))
            case .command(let iq, let address):
                let room = iq.from.flatMap { roomDesks[$0.bare] }
                let desk = room?.commandDesk ?? commandDesk
                replies += desk.receive(iq, at: address, on: stream).map { [$0] } ?? []
            case .registration(let iq, let address):
                replies += readerDoor.receive(iq, at: address, on: stream).map { [$0] } ?? []
            case .presence(let presence, let address):
                readerDoor.receive(presence, at: address, on: stream)
            case .room(let room, let stanza):
                await roomDesks[room]?.receive(stanza)
            case .guestRoom(let room, let stanza):
                await guestRooms.receive(stanza, from: room)
            case .invitation(let invitation, let message):
                if let refused = await guestRooms.follow(invitation) {
                    replies += chatDesk.receive(message, invitation: refused, on: stream)
                }
            case .decision(let message):
                // Whoever decides may have asked for something before.
                await answer(requests, on: stream)
                requests.removeAll()
                await mailroom.carryOut(await serviceDesk.effects(of: message), on: stream)
            case .chat(let message):
                replies += chatDesk.receive(message, on: stream)
            case .occupant(let iq):
                replies.append(.iq(iq.reply(error: .askedThroughRoom)))
            case .token(let token):
                await twinCheck.received(token)
            case .nobody(let stanza):
                replies += stanza.refusal(StanzaError(.serviceUnavailable)).map { [$0] } ?? []
            case .bounce, .nothing:
                break
            }
        }
        await send(replies.map { $0.element() } + unread, on: stream)
        await note(bounces, on: stream)
        await answer(requests, on: stream)
    }

    // MARK: -

    /// Writes each portion of the answers while the next is made.
    private nonisolated(nonsending) func answer(
        _ requests: [IQ],
        on stream: any StanzaStream
    ) async {
        var rest = requests[...]
        while !rest.isEmpty {
            let portion = await serviceDesk.portion(of: rest)
            await mailroom.carryOut(portion.effects, on: stream)
            rest = rest.dropFirst(portion.count)
        }
    }

    /// The requests of a batch, if all of them may wait in line.
    private func lined(_ batch: [Inbound]) -> [IQ]? {
        var requests: [IQ] = []
        requests.reserveCapacity(batch.count)
        for inbound in batch {
            guard case .service(let iq)? = route(inbound), RequestLine.takes(iq) else { return nil }
            requests.append(iq)
        }
        return requests
    }

    private func route(_ inbound: Inbound) -> Route? {
        guard case .stanza(let stanza) = inbound else { return nil }
        let route = addresses.route(stanza, guestRooms: readingRooms)
        // Whoever makes up an id, or says the same again and again, makes us look for nothing.
        if case .bounce(let message) = route, !mayAnswer(message) { return .nothing }
        return route
    }

    private func mayAnswer(_ message: Message) -> Bool {
        if message.mayAnswerQuestion { return true }
        return dispatcher.answerable.mayBeAnswered(by: message)
            && !dispatcher.staleErrors.contain(message)
    }

    /// What somebody gets who sends too much; nothing if it is no stanza for us.
    private func refusal(of inbound: Inbound, by verdict: Turnstile.Verdict) -> Stanza? {
        guard case .stanza(let stanza) = inbound else { return nil }
        return verdict.error.flatMap(stanza.refusal)
    }

    /// What the sender of something that is no stanza for us gets.
    private func refusal(of inbound: Inbound) -> Element? {
        switch inbound {
        case .stanza:
            return nil
        case .unreadable(let error):
            logger.debug("A stanza can't be read", metadata: ["reason": "\(error)"])
            return error.reply
        case .oversized(let envelope, let size):
            logger.warning(
                "A stanza was too large and was skipped",
                metadata: ["from": "\(envelope["from"] ?? "")", "bytes": "\(size)"]
            )
            return envelope.tooLarge
        }
    }

    private nonisolated(nonsending) func note(
        _ bounces: [Message],
        on stream: any StanzaStream
    ) async {
        guard !bounces.isEmpty else { return }
        let words = await returned.take(bounces)
        await send(words.map { $0.element() }, on: stream)
    }

    /// Sends all in one write.
    ///
    /// If the stream is over, so is the wait of those who asked.
    private nonisolated(nonsending) func send(
        _ stanzas: [Element],
        on stream: any StanzaStream
    ) async {
        guard !stanzas.isEmpty else { return }
        await mailroom.finish()
        var answers = AnswerWriter(longest: outbox.longestStanza)
        for stanza in stanzas {
            answers.write(stanza)
        }
        outbox.metrics.stanzasSent.increment(by: answers.count)
        try? await stream.write(answers.bytes)
    }
}

extension StanzaError {
    /// What an occupant gets who would decide for all in a room.
    fileprivate static let askedThroughRoom = StanzaError(
        .notAllowed,
        text: "Ask from your own address. What the room reads is for its owners and admins to say."
    )
}

extension Element {
    /// What is answered to a stanza of which only the start tag was kept.
    fileprivate var tooLarge: Element? {
        let isAnswer = self["type"] == "error" || self["type"] == "result"
        guard name != "presence", !isAnswer, let sender = self["from"] else { return nil }
        let error = StanzaError(.policyViolation, text: "The stanza is larger than we accept.")
        return Element(
            name,
            in: .componentAccept,
            ["type": "error", "id": self["id"], "from": self["to"], "to": sender]
        ) { error.element }
    }
}
