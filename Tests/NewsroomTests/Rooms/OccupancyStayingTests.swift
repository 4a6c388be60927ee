import Testing
import XML
import XMPP

@testable import Newsroom

@Suite("Being put out of a room, and returning")
struct OccupancyRemovalTests {
    /// What the room says as we leave, and what we make of it.
    struct Removal: Sendable, CustomTestStringConvertible {
        let statuses: [Int]
        let trouble: RoomTrouble
        let seconds: Int

        var testDescription: String { "\(statuses): \(trouble)" }
    }

    @Test(
        "why we are out decides how soon we return",
        arguments: [
            Removal(statuses: [110, 307], trouble: .kicked(nil), seconds: 30),
            Removal(statuses: [307], trouble: .kicked(nil), seconds: 30),
            Removal(statuses: [110, 301], trouble: .expelled(nil), seconds: 900),
            Removal(statuses: [110, 321], trouble: .noLongerMember(nil), seconds: 900),
            Removal(statuses: [110, 322], trouble: .noLongerMember(nil), seconds: 900),
            Removal(statuses: [110, 332], trouble: .shutDown, seconds: 5),
            Removal(statuses: [110, 307, 333], trouble: .technicalProblem, seconds: 5),
            Removal(statuses: [110], trouble: .disappeared, seconds: 5),
            Removal(statuses: [], trouble: .disappeared, seconds: 5),
        ]
    )
    func removals(removal: Removal) throws {
        var occupancy = try Occupancy.joined()
        let presence = try Verona.presence(
            "Gazette",
            type: "unavailable",
            role: "none",
            statuses: removal.statuses
        )
        let wait = Duration.seconds(removal.seconds)
        #expect(
            occupancy.received(presence, at: .seconds(1))
                == [.report(.waiting(removal.trouble, for: wait))]
        )
        #expect(occupancy.nick == nil)
        #expect(occupancy.occupant(named: "Romeo") == nil)
        #expect(occupancy.reached(.seconds(1) + wait).map(\.text) == [joining()])
    }

    @Test("who kicked us and why is told (§8.2)")
    func kicked() throws {
        var occupancy = try Occupancy.joined()
        let presence = try Verona.presence(
            "Gazette",
            type: "unavailable",
            role: "none",
            statuses: [307, 110],
            item: [
                Element("actor", ["nick": "Tybalt"]),
                Element("reason") { "peace?" },
            ]
        )
        #expect(
            occupancy.received(presence, at: .zero).map(\.text)
                == ["We were kicked from the room (by Tybalt, “peace?”). Next try in 30 s."]
        )
    }

    @Test(
        "how we stand with a room is told in the language of who asks",
        arguments: [
            ("de", "Wir wurden aus dem Raum geworfen (by Tybalt). Nächster Versuch in 30 s."),
            ("fr", "Nous avons été expulsés du salon (by Tybalt). Prochain essai dans 30 s."),
            ("es", "Nos han echado de la sala (by Tybalt). Próximo intento dentro de 30 s."),
            ("it", "Siamo stati espulsi dalla stanza (by Tybalt). Prossimo tentativo fra 30 s."),
        ]
    )
    func languages(language: String, sentence: String) {
        let status = RoomStatus.waiting(.kicked("by Tybalt"), for: .seconds(30))
        #expect(status.text(in: language) == sentence)
    }

    @Test("a destroyed room is told with its successor (§10.9)")
    func destroyed() throws {
        var occupancy = try Occupancy.joined()
        let presence = try Verona.presence(
            "Gazette",
            type: "unavailable",
            role: "none",
            details: [
                Element("destroy", ["jid": "hall@rooms.verona.lit"]) {
                    Element("reason") { "moved" }
                }
            ]
        )
        #expect(
            occupancy.received(presence, at: .zero).map(\.text) == [
                "The room was destroyed (“moved”). It names hall@rooms.verona.lit instead. "
                    + "Change the configuration. Next try in 900 s."
            ]
        )
    }

    @Test("who kicks us again and again waits longer; a quiet time in the room is a fresh start")
    func patience() throws {
        var occupancy = try Occupancy.joined()
        let kick = try Verona.presence("Gazette", type: "unavailable", statuses: [307, 110])
        var now = Duration.seconds(1)
        for wait in [30, 60, 120] {
            #expect(
                occupancy.received(kick, at: now)
                    == [.report(.waiting(.kicked(nil), for: .seconds(wait)))]
            )
            now += .seconds(wait)
            _ = occupancy.reached(now)
            _ = occupancy.received(try Verona.own(), at: now)
        }
        now += .seconds(600)
        #expect(
            occupancy.received(kick, at: now)
                == [.report(.waiting(.kicked(nil), for: .seconds(30)))]
        )
    }

    @Test("others come, go and change nicks without disturbing us")
    func others() throws {
        var occupancy = try Occupancy.joined()
        let renamed = try Verona.presence(
            "Romeo",
            type: "unavailable",
            newNick: "Montague",
            statuses: [303]
        )
        #expect(occupancy.received(renamed, at: .seconds(1)).isEmpty)
        #expect(occupancy.occupant(named: "Romeo") == nil)
        #expect(occupancy.occupant(named: "Montague") == nil)
        _ = occupancy.received(
            try Verona.presence("Montague", affiliation: "owner", occupantID: "o1"),
            at: .seconds(1)
        )
        #expect(
            occupancy.occupant(named: "Montague")
                == Occupant(
                    nick: "Montague",
                    affiliation: .owner,
                    role: .participant,
                    occupantID: "o1"
                )
        )
        let kicked = try Verona.presence("Montague", type: "unavailable", statuses: [307])
        #expect(occupancy.received(kicked, at: .seconds(2)).isEmpty)
        #expect(occupancy.nick == "Gazette")
    }

    @Test("after a lost stream we join again, on the new one, at once")
    func streamLost() throws {
        var occupancy = try Occupancy.joined()
        occupancy.streamEnded()
        #expect(occupancy.status(at: .zero) == .offline)
        #expect(occupancy.deadline == nil)
        #expect(occupancy.reached(.seconds(9999)).isEmpty)
        #expect(occupancy.streamOpened(at: .seconds(10)).map(\.text) == [joining()])
        #expect(occupancy.occupant(named: "Romeo") == nil)
    }

    @Test("stopping, we say goodbye; outside there is nobody to say it to")
    func leaving() throws {
        var occupancy = try Occupancy.joined(nick: "Gazette_")
        #expect(
            occupancy.leave().map(\.text) == [
                "<presence type='unavailable' from='\(Verona.address)' "
                    + "to='\(Verona.room)/Gazette_'/>"
            ]
        )
        #expect(occupancy.status(at: .zero) == .offline)
        #expect(occupancy.leave().isEmpty)
    }

    @Test("stopping while the room has not answered yet, we say goodbye as well")
    func leavingWhileJoining() throws {
        var occupancy = Occupancy(try Verona.configuration())
        _ = occupancy.streamOpened(at: .zero)
        _ = occupancy.received(try Verona.presence("Romeo"), at: .zero)
        #expect(
            occupancy.leave().map(\.text) == [
                "<presence type='unavailable' from='\(Verona.address)' "
                    + "to='\(Verona.room)/Gazette'/>"
            ]
        )
        #expect(occupancy.status(at: .zero) == .offline)
    }
}

@Suite("Noticing that a room forgot us (XEP-0410)")
struct SelfPingTests {
    @Test("after a quarter of an hour without a word we ask; any word starts it anew")
    func silence() throws {
        var occupancy = try Occupancy.joined()
        occupancy.heard(at: .seconds(100))
        #expect(occupancy.reached(.seconds(900)).isEmpty)
        _ = occupancy.received(try Verona.presence("Romeo"), at: .seconds(200))
        #expect(occupancy.deadline == .seconds(1100))
        #expect(
            occupancy.reached(.seconds(1100))
                == [.ping(try Verona.occupant("Gazette"), number: 1)]
        )
        #expect(occupancy.deadline == nil)
        #expect(occupancy.reached(.seconds(5000)).isEmpty)
    }

    @Test(
        "these answers say that we are in",
        arguments: [
            .result, .error(.serviceUnavailable), .error(.featureNotImplemented),
            .error(.itemNotFound),
        ] as [SelfPing.Answer]
    )
    func inside(answer: SelfPing.Answer) throws {
        var occupancy = try Occupancy.joined()
        _ = occupancy.reached(.seconds(900))
        #expect(occupancy.answered(answer, number: 1, at: .seconds(901)).isEmpty)
        #expect(occupancy.deadline == .seconds(1801))
    }

    @Test(
        "these say that we are out, and we go in again",
        arguments: [.notAcceptable, .forbidden, .gone, .notAllowed] as [StanzaError.Condition]
    )
    func outside(condition: StanzaError.Condition) throws {
        var occupancy = try Occupancy.joined()
        _ = occupancy.reached(.seconds(900))
        let orders = occupancy.answered(.error(condition), number: 1, at: .seconds(901))
        #expect(orders.first == .report(.rejoining(.forgotten(condition))))
        #expect(orders.dropFirst().map(\.text) == [joining()])
        #expect(occupancy.nick == nil)
    }

    @Test(
        "these say nothing: we ask again each minute and tell once",
        arguments: [.silence, .error(.remoteServerTimeout), .error(.remoteServerNotFound)]
            as [SelfPing.Answer]
    )
    func unknown(answer: SelfPing.Answer) throws {
        var occupancy = try Occupancy.joined()
        let ourselves = try Verona.occupant("Gazette")
        _ = occupancy.reached(.seconds(900))
        #expect(
            occupancy.answered(answer, number: 1, at: .seconds(930)) == [.report(.unreachable)]
        )
        #expect(occupancy.nick == "Gazette")
        #expect(occupancy.reached(.seconds(990)) == [.ping(ourselves, number: 2)])
        #expect(occupancy.answered(answer, number: 2, at: .seconds(1020)).isEmpty)
        #expect(occupancy.reached(.seconds(1080)) == [.ping(ourselves, number: 3)])
        #expect(
            occupancy.answered(.result, number: 3, at: .seconds(1081)) == [.report(.reachable)]
        )
    }

    @Test("an answer to an earlier question is no answer")
    func stale() throws {
        var occupancy = try Occupancy.joined()
        _ = occupancy.reached(.seconds(900))
        #expect(occupancy.answered(.error(.notAcceptable), number: 7, at: .seconds(901)).isEmpty)
        occupancy.streamEnded()
        #expect(occupancy.answered(.error(.notAcceptable), number: 1, at: .seconds(902)).isEmpty)
        #expect(occupancy.status(at: .zero) == .offline)
    }

    @Test("talk in the room does not hide an open question")
    func talkWhileAsking() throws {
        var occupancy = try Occupancy.joined()
        _ = occupancy.reached(.seconds(900))
        occupancy.heard(at: .seconds(901))
        #expect(occupancy.deadline == nil)
        #expect(occupancy.answered(.result, number: 1, at: .seconds(902)).isEmpty)
        #expect(occupancy.deadline == .seconds(1802))
    }

    @Test("what we say coming back as not-acceptable means that we are out (§7.4)")
    func bouncedOut() throws {
        var occupancy = try Occupancy.joined()
        let orders = occupancy.bounced(StanzaError(.notAcceptable), at: .seconds(1))
        #expect(orders.first == .report(.rejoining(.forgotten(.notAcceptable))))
        #expect(orders.dropFirst().map(\.text) == [joining()])
    }

    @Test("coming back as forbidden, it means that we have no voice (§8.4)")
    func voiceless() throws {
        var occupancy = try Occupancy.joined()
        #expect(
            occupancy.bounced(StanzaError(.forbidden), at: .zero) == [.report(.voiceless)]
        )
        #expect(occupancy.nick == "Gazette")
    }

    @Test("coming back for another reason, it makes us ask at once")
    func bouncedSomehow() throws {
        var occupancy = try Occupancy.joined()
        #expect(
            occupancy.bounced(StanzaError(.remoteServerTimeout), at: .seconds(3))
                == [.ping(try Verona.occupant("Gazette"), number: 1)]
        )
        #expect(occupancy.bounced(StanzaError(.remoteServerTimeout), at: .seconds(4)).isEmpty)
    }
}
