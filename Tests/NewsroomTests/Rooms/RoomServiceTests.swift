import Clocks
import Commands
import Component
import Logging
import Testing
import XML
import XMPP

@testable import Newsroom

@Suite("Sitting in a room", .timeLimit(.minutes(10)))
struct RoomServiceTests {
    let clock = ManualClock()
    let stream = RecordedStream()
    let service: RoomService
    let rights: RightsTable

    init() throws {
        let room = try JID(Verona.room)
        rights = RightsTable(
            rooms: [room: [.owner: .operator, .admin: .publisher, .member: .editor]],
            people: [try JID("escalus@verona.lit"): .operator]
        )
        service = RoomService(
            try Verona.configuration(),
            rights: rights,
            clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Runs the service in a room that it has joined, and takes it down afterwards.
    private func inRoom(_ test: () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { await service.run() }
            await service.streamOpened(stream)
            #expect(await stream.next()?.xml == joining())
            await service.receive(try Verona.own())
            try await test()
            group.cancelAll()
        }
    }

    @Test("joins when the stream opens, and says how it stands")
    func joins() async throws {
        #expect(await service.status == .offline)
        try await inRoom {
            #expect(await service.status == .joined(nick: "Gazette", occupants: 1))
        }
    }

    @Test(
        "a hat counts if the room says that it knows hats, since others let people put them on",
        arguments: [(true, Role.publisher), (false, .reader)]
    )
    func hats(isKnown: Bool, role: Role) async throws {
        let uri = "https://verona.lit/hats#publisher"
        let room = try JID(Verona.room)
        let info = DiscoInfo(identities: [], features: isKnown ? [.hats, .muc] : [.muc])
        stream.answerRequests(holding: info.element)
        await service.update(
            rights: RightsTable(rooms: [room: [:]], hats: [room: [uri: .publisher]])
        )
        try await inRoom {
            let question = try #require(await stream.next()?.xml)
            #expect(question.contains("http://jabber.org/protocol/disco#info"))
            #expect(question.contains("to='\(Verona.room)'"))
            await service.receive(try Verona.presence("Rosa", hat: uri))
            // The answer is on its way while we look.
            while await service.knowsHats == nil {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(await service.knowsHats == isKnown)
            #expect(await service.invoker(named: "Rosa").role == role)
        }
    }

    @Test("a room that does not say whether it knows hats is asked again; none counts till then")
    func unansweredHats() async throws {
        let uri = "https://verona.lit/hats#publisher"
        let room = try JID(Verona.room)
        stream.answerRequests(with: StanzaError(.remoteServerTimeout))
        stream.answerRequests(
            holding: DiscoInfo(identities: [], features: [.hats, .muc]).element
        )
        await service.update(
            rights: RightsTable(rooms: [room: [:]], hats: [room: [uri: .publisher]])
        )
        try await inRoom {
            #expect(try #require(await stream.next()?.xml).contains("disco#info"))
            await service.receive(try Verona.presence("Rosa", hat: uri))
            // One waits to ping the room, the other to ask it again.
            while clock.sleepers < 2 { try await Task.sleep(for: .milliseconds(5)) }
            #expect(await service.invoker(named: "Rosa").role == .reader)
            stream.answerRequests(with: nil)
            clock.advance(by: .seconds(60))
            #expect(try #require(await stream.next()?.xml).contains("disco#info"))
            while await service.knowsHats == nil {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(await service.invoker(named: "Rosa").role == .publisher)
        }
    }

    @Test("a room vouches for those it shows with their address, a voice and an affiliation")
    func vouching() async throws {
        let (rosaline, paris) = (try JID("rosaline@verona.lit"), try JID("paris@verona.lit"))
        try await inRoom {
            func comes(_ nick: String, _ affiliation: String, _ role: String, _ jid: JID)
                async throws
            {
                await service.receive(
                    try Verona.presence(
                        nick,
                        affiliation: affiliation,
                        role: role,
                        jid: "\(jid)/x"
                    )
                )
            }
            #expect(await !service.shows(rosaline, as: [.member]))
            try await comes("Rosa", "member", "participant", rosaline)
            try await comes("Paris", "member", "visitor", paris)
            #expect(await service.shows(rosaline, as: [.owner, .member]))
            #expect(await !service.shows(rosaline, as: [.owner]))
            #expect(await !service.shows(paris, as: [.member]))
            await service.receive(try Verona.presence("Rosa", type: "unavailable"))
            #expect(await !service.shows(rosaline, as: [.member]))
            try await comes("Rosa", "member", "participant", rosaline)
            await service.streamEnded()
            #expect(await !service.shows(rosaline, as: [.member]))
        }
    }

    @Test("a member's command arrives with who, what and which role")
    func command() async throws {
        try await inRoom {
            await service.receive(
                try Verona.presence("Rosa", affiliation: "member", jid: "rosaline@verona.lit/x")
            )
            var message = try Verona.message("!preview 2024-02", from: "Rosa")
            message.xmlLang = "fr"
            let command = try #require(await service.receive(message))
            #expect(command.line == "preview 2024-02")
            #expect(command.language == "fr")
            #expect(command.room == (try JID(Verona.room)))
            #expect(
                command.invoker
                    == Invoker(
                        role: .editor,
                        jid: try JID("rosaline@verona.lit"),
                        displayName: "Rosa",
                        room: try JID(Verona.room)
                    )
            )
        }
    }

    @Test(
        "who asks in a language we have is answered in it, everybody else in that of the room",
        arguments: [("fr-CA", "fr-CA"), ("pl", "de"), (nil, "de")]
    )
    func language(said: String?, answered: String) async throws {
        var configuration = try Verona.configuration()
        configuration.language = "de"
        let service = RoomService(
            configuration,
            rights: rights,
            clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        await service.streamOpened(stream)
        await service.receive(try Verona.own())
        var message = try Verona.message("!help", from: "Rosa")
        message.xmlLang = said
        #expect(await service.receive(message)?.language == answered)
    }

    @Test("a 👍 at a message of ours that asked for it approves, if it is an editor's")
    func approvalBySign() async throws {
        try await inRoom {
            await service.receive(
                try Verona.presence("Rosa", affiliation: "member", jid: "rosaline@verona.lit/x")
            )
            await service.receive(try Verona.presence("Paris", affiliation: "none"))
            let id = try await service.say("Fine.", approving: "dispatch/2024-02")
            func message(_ nick: String, _ more: String, body: String = "") throws -> Message {
                try Message(
                    Element(
                        xml: """
                            <message xmlns='jabber:component:accept' type='groupchat' id='\(id)' \
                            from='\(Verona.room)/\(nick)' to='\(Verona.address)'>\
                            \(body)\(more)</message>
                            """
                    )
                )
            }
            let given = "<stanza-id xmlns='urn:xmpp:sid:0' id='s1' by='\(Verona.room)'/>"
            _ = await service.receive(
                try message("Gazette", given, body: "<body>Fine.</body>")
            )
            func signs(_ nick: String, _ signs: [String], at id: String, more: String = "")
                async throws -> RoomCommand?
            {
                let all = signs.map { "<reaction>\($0)</reaction>" }.joined()
                let xml = "<reactions xmlns='urn:xmpp:reactions:0' id='\(id)'>\(all)</reactions>"
                var message = try message(nick, xml + more)
                message.id = "r-\(nick)"
                return await service.receive(message)
            }
            #expect(try await signs("Paris", ["👍"], at: "s1") == nil)
            #expect(try await signs("Rosa", ["👍"], at: id) == nil)
            let delay = "<delay xmlns='urn:xmpp:delay' stamp='2024-02-05T00:00:00Z'/>"
            #expect(try await signs("Rosa", ["👍"], at: "s1", more: delay) == nil)
            let command = try #require(try await signs("Rosa", ["👍"], at: "s1"))
            #expect(command.line == "approve dispatch/2024-02")
            #expect(command.invoker.jid == (try JID("rosaline@verona.lit")))
            let withdrawal = try #require(try await signs("Rosa", [], at: "s1"))
            #expect(withdrawal.line == "withdraw-approval dispatch/2024-02")
            #expect(try await signs("Rosa", [], at: "s1") == nil)
            await service.dropped(withdrawal)
            #expect(try await signs("Rosa", [], at: "s1")?.line == withdrawal.line)
        }
    }

    @Test("a nick that changes hands does not take its role along")
    func nickChangesHands() async throws {
        try await inRoom {
            await service.receive(
                try Verona.presence("Escalus", affiliation: "owner", role: "moderator")
            )
            let order = try Verona.message("!publish 2024-02", from: "Escalus")
            #expect(await service.receive(order)?.invoker.role == .operator)
            await service.receive(
                try Verona.presence(
                    "Escalus",
                    type: "unavailable",
                    affiliation: "owner",
                    newNick: "Prince",
                    statuses: [303]
                )
            )
            #expect(await service.receive(order)?.invoker.role == .reader)
            await service.receive(try Verona.presence("Escalus", affiliation: "none"))
            #expect(await service.receive(order)?.invoker.role == .reader)
            await service.receive(
                try Verona.presence("Prince", affiliation: "owner", role: "moderator")
            )
            let prince = try Verona.message("!publish 2024-02", from: "Prince")
            #expect(await service.receive(prince)?.invoker.role == .operator)
        }
    }

    @Test("a message with another occupant's id is not the nick holder's (XEP-0421)")
    func occupantID() async throws {
        try await inRoom {
            await service.receive(
                try Verona.presence("Rosa", affiliation: "admin", occupantID: "o1")
            )
            var message = try Verona.message("!publish 2024-02", from: "Rosa")
            message.children.append(Element("occupant-id", in: .occupantID, ["id": "o1"]))
            #expect(await service.receive(message)?.invoker.role == .publisher)
            message.children.removeLast()
            message.children.append(Element("occupant-id", in: .occupantID, ["id": "o2"]))
            #expect(await service.receive(message)?.invoker.role == .reader)
        }
    }

    @Test(
        "by an id people are known if the room says that it gives them, since clients can write one",
        arguments: [true, false]
    )
    func vouchedIDs(isKnown: Bool) async throws {
        let info = DiscoInfo(identities: [], features: isKnown ? [.occupantID, .muc] : [.muc])
        stream.answerRequests(holding: info.element)
        try await inRoom {
            #expect(await service.askedInVisit == nil)
            await service.receive(
                try Verona.presence("Rosa", affiliation: "admin", occupantID: "o1")
            )
            #expect(try #require(await stream.next()?.xml).contains("disco#info"))
            while await service.features == nil { try await Task.sleep(for: .milliseconds(5)) }
            let order = try Verona.message("!approve 2024-02", from: "Rosa")
            let invoker = try #require(await service.receive(order)).invoker
            #expect(invoker.role == .publisher)
            #expect(invoker.identity == (isKnown ? "in:\(Verona.room)/o1" : nil))
            #expect(await service.invoker(named: "Rosa").identity == invoker.identity)
        }
    }

    @Test("a lost affiliation and new rights count at once")
    func changes() async throws {
        try await inRoom {
            let order = try Verona.message("!publish 2024-02", from: "Rosa")
            await service.receive(try Verona.presence("Rosa", affiliation: "admin"))
            #expect(await service.receive(order)?.invoker.role == .publisher)
            await service.receive(try Verona.presence("Rosa", affiliation: "member"))
            #expect(await service.receive(order)?.invoker.role == .editor)
            await service.update(rights: RightsTable(rooms: [:]))
            #expect(await service.receive(order)?.invoker.role == .reader)
        }
    }

    @Test("messages of other rooms, and before we are in, are not heard")
    func otherRooms() async throws {
        let order = try Verona.message("!help", from: "Romeo")
        #expect(await service.receive(order) == nil)
        try await inRoom {
            var foreign = order
            foreign.from = try JID("den@rooms.evil.example/Romeo")
            #expect(await service.receive(foreign) == nil)
            #expect(await service.receive(order) != nil)
        }
    }

    @Test("answers are replies that other clients show as quotations (XEP-0461)")
    func reply() async throws {
        try await inRoom {
            var message = try Verona.message("!status", from: "Romeo", id: "m1")
            message.children.append(
                Element("stanza-id", in: .stanzaIDs, ["by": Verona.room, "id": "s1"])
            )
            let command = try #require(await service.receive(message))
            let id = try await service.say("All is well.", replyTo: command)
            #expect(
                await stream.next()?.xml
                    == "<message type='groupchat' id='\(id)' from='\(Verona.address)' "
                    + "to='\(Verona.room)'><body>&gt; !status\nAll is well.</body>"
                    + "<reply xmlns='urn:xmpp:reply:0' to='\(Verona.room)/Romeo' id='s1'/>"
                    + "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'>"
                    + "<body start='0' end='10'/></fallback></message>"
            )
        }
    }

    /// What the room sends everybody of an announcement of ours.
    private func echo(of sent: Message, as stanzaID: String? = nil) throws -> Message {
        let id = stanzaID.map { id in
            "<stanza-id xmlns='urn:xmpp:sid:0' id='\(id)' by='\(Verona.room)'/>"
        }
        return try Message(
            Element(
                xml: """
                    <message xmlns='jabber:component:accept' type='groupchat' id='\(sent.id ?? "")' \
                    from='\(Verona.room)/Gazette' to='\(Verona.address)'>\
                    <body>It is out.</body>\(id ?? "")</message>
                    """
            )
        )
    }

    @Test(
        "an announcement is known by the room's id, and taken back by it (XEP-0424)",
        arguments: ["s1", nil]
    )
    func announcement(given: String?) async throws {
        try await inRoom {
            let (answers, listener) = AsyncStream.makeStream(of: AnnouncementAnswer.self)
            try await service.announce("It is out.") { listener.yield($0) }
            let sent = try #require(await stream.next()?.message)
            #expect(await service.receive(try echo(of: sent, as: given)) == nil)
            #expect(await answers.first { _ in true } == .told(as: given))
            try await service.retract(given, saying: "It is withdrawn.")
            let retraction = try #require(await stream.next()?.message)
            #expect(retraction.body == "It is withdrawn.")
            #expect(retraction.child("retract", in: .retraction)?["id"] == given)
            let fallback = retraction.child("fallback", in: .fallback)?["for"]
            #expect(fallback == given.map { _ in "urn:xmpp:message-retract:1" })
        }
    }

    @Test("a room that refuses an announcement says so, once")
    func refusedAnnouncement() async throws {
        try await inRoom {
            let (answers, listener) = AsyncStream.makeStream(of: AnnouncementAnswer.self)
            try await service.announce("It is out.") { listener.yield($0) }
            let sent = try #require(await stream.next()?.message)
            let refusal = sent.reply(error: StanzaError(.forbidden))
            #expect(await service.receive(refusal) == nil)
            #expect(await answers.first { _ in true } == .refused(StanzaError(.forbidden)))
            // Nothing is waited for any more: the next answer is the next announcement's.
            #expect(await service.receive(refusal) == nil)
            #expect(await service.receive(try echo(of: sent, as: "s1")) == nil)
            try await service.announce("It is out now.") { listener.yield($0) }
            let second = try #require(await stream.next()?.message)
            #expect(await service.receive(try echo(of: second, as: "s2")) == nil)
            #expect(await answers.first { _ in true } == .told(as: "s2"))
        }
    }

    @Test("a stream that ends before the room answers leaves that open, which is said once")
    func unansweredAnnouncement() async throws {
        try await inRoom {
            let (answers, listener) = AsyncStream.makeStream(of: AnnouncementAnswer.self)
            try await service.announce("It is out.") { listener.yield($0) }
            let sent = try #require(await stream.next()?.message)
            await service.streamEnded()
            #expect(await answers.first { _ in true } == .unknown)
            // Back again, the same stanza is nothing that anybody waits for.
            await service.streamOpened(stream)
            #expect(await stream.next()?.xml == joining())
            await service.receive(try Verona.own())
            #expect(await service.receive(try echo(of: sent, as: "s1")) == nil)
            try await service.announce("It is out now.") { listener.yield($0) }
            let second = try #require(await stream.next()?.message)
            #expect(await service.receive(try echo(of: second, as: "s2")) == nil)
            #expect(await answers.first { _ in true } == .told(as: "s2"))
        }
    }

    @Test("a room that shows us out does not answer any more")
    func shownOutWithAnnouncement() async throws {
        try await inRoom {
            let (answers, listener) = AsyncStream.makeStream(of: AnnouncementAnswer.self)
            try await service.announce("It is out.") { listener.yield($0) }
            await service.receive(
                try Verona.presence("Gazette", type: "unavailable", statuses: [110, 307])
            )
            #expect(await answers.first { _ in true } == .unknown)
        }
    }

    @Test("a room is heard that answers before the stream says that all is sent")
    func quickRoom() async throws {
        try await inRoom {
            let (answers, listener) = AsyncStream.makeStream(of: AnnouncementAnswer.self)
            stream.onSending { [service] stanza in
                guard let sent = stanza.message else { return }
                _ = await service.receive(try! echo(of: sent, as: "s1"))
            }
            try await service.announce("It is out.") { listener.yield($0) }
            #expect(await answers.first { _ in true } == .told(as: "s1"))
        }
    }

    @Test("where the room gives no ids, the answer begins with the asker's nick")
    func addressedAnswer() async throws {
        try await inRoom {
            let message = try Verona.message("!status", from: "Romeo", id: "m1")
            let command = try #require(await service.receive(message))
            try await service.say("All is well.", replyTo: command)
            #expect(await stream.next()?.message?.body == "Romeo: All is well.")
        }
    }

    @Test("what we said ourselves comes back and is not obeyed, even under another's nick")
    func echo() async throws {
        try await inRoom {
            let id = try await service.say("!help")
            #expect(await service.receive(try Verona.message("!help", from: "Gazette")) == nil)
            let echo = try Verona.message("!help", from: "Romeo", id: id)
            #expect(await service.receive(echo) == nil)
        }
    }

    @Test("outside the room nothing can be said, and the error says why")
    func mute() async throws {
        let before = await #expect(throws: RoomSpeechError.notInRoom(.offline)) {
            try await service.say("hello")
        }
        #expect(before?.description == "Nothing can be said in the room. We are not connected.")
        await service.streamOpened(stream)
        await service.receive(try Verona.refusal(.forbidden))
        let outside = await #expect(throws: RoomSpeechError.self) {
            try await service.say("hello")
        }
        #expect(
            outside?.description == "Nothing can be said in the room. We are banned from the room "
                + "(forbidden). Ask one of its admins to lift the ban. Next try in 900 s."
        )
    }

    @Test("a stream that ends while we speak is told to the speaker")
    func closedStream() async throws {
        try await inRoom {
            stream.end()
            await #expect(throws: RoomSpeechError.streamClosed) {
                try await service.say("hello")
            }
        }
    }

    @Test("a private message is answered with a hint, once for each person")
    func privateMessage() async throws {
        try await inRoom {
            var message = try Verona.message("!publish 2024-02", from: "Romeo")
            message.type = .chat
            #expect(await service.receive(message) == nil)
            #expect(await service.receive(message) == nil)
            message.from = try Verona.occupant("Juliet")
            #expect(await service.receive(message) == nil)
            for nick in ["Romeo", "Juliet"] {
                let hint = try #require(await stream.next()?.message)
                #expect(hint.type == .chat)
                #expect(hint.to == (try Verona.occupant(nick)))
                #expect(hint.child("x", in: .mucUser) != nil)
                #expect(hint.body?.contains("in the room itself") == true)
            }
            #expect(await stream.rest().isEmpty)
        }
    }

    @Test("kicked out, it returns when the time has come")
    func kicked() async throws {
        try await inRoom {
            await service.receive(
                try Verona.presence("Gazette", type: "unavailable", statuses: [307, 110])
            )
            clock.advance(by: .seconds(10))
            #expect(await service.status == .waiting(.kicked(nil), for: .seconds(20)))
            clock.advance(by: .milliseconds(10))
            #expect(
                await service.status.description
                    == "We were kicked from the room. Next try in 20 s."
            )
            clock.advance(by: .seconds(20))
            #expect(await stream.next()?.xml == joining())
        }
    }

    @Test("after silence it pings itself through the room, and joins again when it is out")
    func selfPing() async throws {
        try await inRoom {
            stream.answerRequests(with: StanzaError(.notAcceptable))
            clock.advance(by: .seconds(900))
            #expect(
                await stream.next()?.xml
                    == "<iq type='get' id='' from='\(Verona.address)' "
                    + "to='\(Verona.room)/Gazette'><ping xmlns='urn:xmpp:ping'/></iq>"
            )
            #expect(await stream.next()?.xml == joining())
        }
    }

    @Test("a room that joining has made is opened with the defaults (XEP-0045 §10.1.2)")
    func created() async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { await service.run() }
            await service.streamOpened(stream)
            _ = await stream.next()
            await service.receive(try Verona.own(statuses: [201]))
            #expect(
                await stream.next()?.xml
                    == "<iq type='set' id='' from='\(Verona.address)' to='\(Verona.room)'>"
                    + "<query xmlns='http://jabber.org/protocol/muc#owner'>"
                    + "<x xmlns='jabber:x:data' type='submit'/></query></iq>"
            )
            group.cancelAll()
        }
    }

    @Test("our own message coming back as an error makes us join again; a forged one does not")
    func bounced() async throws {
        try await inRoom {
            let id = try await service.say("hello")
            _ = await stream.next()
            let error = StanzaError(.notAcceptable)
            let room = try JID(Verona.room)
            let forged = Message(.error, id: id, from: try Verona.occupant("Tybalt")) {
                error.element
            }
            #expect(await service.receive(forged) == nil)
            let unknown = Message(.error, id: "x", from: room) { error.element }
            #expect(await service.receive(unknown) == nil)
            #expect(await service.status == .joined(nick: "Gazette", occupants: 1))
            let real = Message(.error, id: id, from: room) { error.element }
            #expect(await service.receive(real) == nil)
            #expect(await stream.next()?.xml == joining())
        }
    }

    @Test("where others send what is said, the room's error at one of theirs counts as well")
    func delivered() async throws {
        var configuration = try Verona.configuration()
        configuration.carriesDeliveries = true
        let service = RoomService(
            configuration,
            rights: RightsTable(rooms: [:]),
            clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await withThrowingTaskGroup { group in
            group.addTask { await service.run() }
            await service.streamOpened(stream)
            #expect(await stream.next()?.xml == joining())
            await service.receive(try Verona.own())
            let error = StanzaError(.notAcceptable)
            let room = try JID(Verona.room)
            let answer = Message(.error, id: "an issue", from: room) { error.element }
            #expect(await service.receive(answer) == nil)
            #expect(await stream.next()?.xml == joining())
            group.cancelAll()
        }
    }

    @Test("it leaves before the stream is closed, and joins on the next one")
    func leaves() async throws {
        try await inRoom {
            await service.leave()
            #expect(
                await stream.next()?.xml
                    == "<presence type='unavailable' from='\(Verona.address)' "
                    + "to='\(Verona.room)/Gazette'/>"
            )
            await service.streamEnded()
            #expect(await service.status == .offline)
            let next = RecordedStream()
            await service.streamOpened(next)
            #expect(await next.next()?.xml == joining())
        }
    }

    @Test("talk all day long does not pile up timers")
    func timers() async throws {
        try await inRoom {
            for _ in 1...50 {
                clock.advance(by: .seconds(20))
                _ = await service.receive(try Verona.message("hello", from: "Romeo"))
                _ = await service.status
            }
            #expect(clock.sleepers <= 2)
            #expect(await stream.rest().isEmpty)
        }
    }
}
