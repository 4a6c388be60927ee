import Newsroom
import Testing
import XML
import XMPP

@testable import Daemon

@Suite("A look into a room from inside")
struct RoomTrialTests {
    private let trial: RoomTrial

    init() throws {
        let settings = RoomSettings(
            room: try JID("team@rooms.verona.lit"),
            nick: "Dispatch",
            password: "rosaline",
            newsletters: [],
            roles: [:]
        )
        trial = try #require(RoomTrial(settings, contact: try JID("dispatch@news.verona.lit")))
    }

    private func answer(role: String, code: String = "110", nick: String = "Dispatch") throws
        -> Presence
    {
        Presence(from: try trial.room.with(resourcepart: nick), to: trial.own) {
            Element("x", in: .mucUser) {
                Element("item", in: .mucUser, ["affiliation": "none", "role": role])
                Element("status", in: .mucUser, ["code": code])
            }
        }
    }

    @Test(
        "who has a voice is told so, who has none what to do",
        arguments: [("moderator", true), ("participant", true), ("visitor", false)]
    )
    func voice(role: String, isWell: Bool) throws {
        let diagnosis = try #require(trial.diagnosis(of: try answer(role: role)))
        #expect(diagnosis.verdict == (isWell ? .fine : .failed))
        #expect(diagnosis.step == "voice in team@rooms.verona.lit")
        #expect(diagnosis.text.contains("dispatch@news.verona.lit a member") == !isWell)
    }

    @Test("a room is tried with the address we are in it with: of the newsletter it names first")
    func address() throws {
        let sample = try ConfigurationSample(
            replacing: "rooms:\n  - jid: comm-team@rooms.verona.lit",
            with: """
                  gazette:
                    title: The Gazette
                    issues: issues
                    languages: [en]
                  herald:
                    title: The Herald
                    issues: issues
                    languages: [en]
                rooms:
                  - jid: comm-team@rooms.verona.lit
                    newsletters: [herald, gazette]
                """
        )
        defer { sample.remove() }
        let configuration = try Configuration(file: sample.file)
        let room = try #require(configuration.rooms.first)
        let tried = try #require(RoomTrial(room, contact: configuration.contact(in: room)))
        #expect(tried.own.bare == (try JID("herald@news.verona.lit")))
        let real = try RoomConfiguration(room, newsletters: configuration)
        #expect(real.address.bare == tried.own.bare)
    }

    @Test("what is said of others, or by others, is no answer")
    func others() throws {
        #expect(trial.diagnosis(of: try answer(role: "visitor", code: "100", nick: "romeo")) == nil)
        var foreign = try answer(role: "visitor")
        foreign.from = try JID("den@rooms.verona.lit/Dispatch")
        #expect(trial.diagnosis(of: foreign) == nil)
        foreign = try answer(role: "none")
        foreign.type = .unavailable
        #expect(trial.diagnosis(of: foreign) == nil)
    }

    @Test(
        "each refusal has its remedy",
        arguments: [
            (StanzaError.Condition.conflict, Diagnosis.Verdict.warning, "rooms.nick"),
            (.notAuthorized, .failed, "rooms.password"),
            (.registrationRequired, .failed, "only members"),
            (.forbidden, .failed, "banned"),
            (.serviceUnavailable, .failed, "service-unavailable"),
        ]
    )
    func refusal(
        condition: StanzaError.Condition,
        verdict: Diagnosis.Verdict,
        words: String
    ) throws {
        let answer = Presence(.error, from: trial.place, to: trial.own) {
            StanzaError(condition).element
        }
        let diagnosis = try #require(trial.diagnosis(of: answer))
        #expect(diagnosis.verdict == verdict)
        #expect(diagnosis.text.contains(words))
    }

    @Test("it comes with the password and without the room's history, and leaves")
    func coming() throws {
        let x = try #require(trial.entering.child("x", in: .muc))
        #expect(x.child("password")?.text == "rosaline")
        #expect(x.child("history")?["maxstanzas"] == "0")
        #expect(trial.leaving.type == .unavailable)
        #expect(trial.leaving.to == trial.place)
        // The service itself comes as the nick; who leaves as another does not take it along.
        #expect(trial.own.resourcepart != "Dispatch")
    }
}
