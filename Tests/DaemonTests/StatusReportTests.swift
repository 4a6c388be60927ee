import Component
import Logging
import PubSub
import Testing
import XMPP

@testable import Daemon
@testable import Delivery
@testable import Storage

@Suite("What the service says of itself, in the language of who asks or of the room")
struct StatusReportTests {
    private func report(_ link: StreamLink) throws -> StatusReport {
        let domain = try JID("news.verona.example")
        return StatusReport(
            domain: domain,
            server: "localhost:5347",
            link: link,
            twinCheck: TwinCheck(domain: domain, logger: Logger(label: "test")),
            rooms: [],
            newsletters: [],
            store: try Store.inMemory()
        )
    }

    @Test(
        "`status` tells of the stream and of what is on its way",
        arguments: [
            ("en-GB", "Not connected to localhost:5347 yet.", "Nothing is on its way."),
            ("de", "Noch nicht mit localhost:5347 verbunden.", "Nichts ist unterwegs."),
            ("fr", "Pas encore connecté à localhost:5347.", "Rien n’est en route."),
            ("es", "Todavía sin conexión con localhost:5347.", "No hay nada de camino."),
            ("it", "Non ancora connesso a localhost:5347.", "Non c’è niente in viaggio."),
        ]
    )
    func lines(language: String, stream: String, deliveries: String) async throws {
        #expect(try await report(StreamLink()).lines(in: language) == [stream, deliveries])
    }

    @Test("why it is not connected is told as the server or the system gave it")
    func reasons() async throws {
        let link = StreamLink()
        await link.failed("Connection refused.")
        #expect(
            try await report(link).lines(in: "de").first
                == "Noch nicht mit localhost:5347 verbunden. Der letzte Versuch: Connection refused."
        )
    }

    @Test("what went wrong on the way stands behind the numbers")
    func trouble() {
        let delivery = StatusFacts.Delivery(
            item: "2026-04",
            node: "dispatch-en",
            isHeld: true,
            sent: 3,
            total: 9,
            failed: 2,
            triedAgain: 1
        )
        #expect(
            delivery.sentence(in: DaemonTexts.english)
                == "Held: 2026-04 to dispatch-en, 3 of 9 readers have it, 2 failed, "
                + "1 is tried again."
        )
        #expect(
            delivery.sentence(in: DaemonTexts.all.texts(in: "es"))
                == "Detenido: 2026-04 a dispatch-en, 3 de 9 suscripciones lo tienen, "
                + "2 con error, se reintenta con 1."
        )
    }

    @Test("the end of a delivery is told by what was delivered, and with its errors")
    func end() throws {
        let node = try #require(NodeID(rawValue: "dispatch-en"))
        let item = try #require(ItemID(rawValue: "2026-04"))
        func report(
            _ note: FanOutNote?,
            failures: Int,
            through service: JID? = nil,
            isUsed: Bool = false
        ) -> DeliveryReport {
            let fanOut = FanOutRecord(
                id: FanOutRowID(rawValue: 1),
                key: [],
                node: NodeRowID(rawValue: 1),
                item: item,
                scope: .item,
                audience: .all,
                wholeNode: nil,
                cursor: .start,
                lastSubscription: .start,
                state: .finished,
                total: 4,
                sent: 1,
                createdAt: .distantPast,
                note: note?.rawValue,
                multicast: service.map { .through($0) },
                usedMulticast: isUsed
            )
            return DeliveryReport(fanOut: fanOut, node: node, failures: failures, seconds: 1)
        }
        let french = DaemonTexts.all.texts(in: "fr")
        #expect(
            report(nil, failures: 0).sentence(in: french)
                == "Terminé : 2026-04 est parti vers 1 abonné de dispatch-en."
        )
        #expect(
            report(.retraction, failures: 1).sentence(in: DaemonTexts.english)
                == "Done: 1 reader of dispatch-en was told that 2026-04 is withdrawn. "
                + "Errors came back from 1 of them."
        )
        #expect(
            report(.correction, failures: 0).sentence(in: DaemonTexts.all.texts(in: "it"))
                == "Fatto: la correzione di 2026-04 è andata a 1 iscrizione di dispatch-en."
        )
        let service = try JID("multicast.verona.lit")
        let sentences = [true, false].map { isUsed in
            report(nil, failures: 0, through: service, isUsed: isUsed).sentence(in: french)
        }
        #expect(sentences.first?.contains("multicast.verona.lit") == true)
        // Nobody was written to together with others.
        #expect(sentences.last == report(nil, failures: 0).sentence(in: french))
    }
}
