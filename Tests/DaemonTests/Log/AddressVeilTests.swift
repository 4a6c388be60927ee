import Logging
import Synchronization
import Testing

@testable import Daemon

@Suite("Whose address it is stays out of the log")
struct AddressVeilTests {
    private let veil = AddressVeil(ownDomains: ["news.verona.lit", "rooms.verona.lit"])

    @Test(
        "what says who somebody is goes, and where they are stays",
        arguments: [
            ("juliet@verona.lit", "…@verona.lit"),
            ("juliet@verona.lit/balcony", "…@verona.lit"),
            (
                "from <romeo@verona.lit>, to \"nurse@verona.lit\".",
                "from <…@verona.lit>, to \"…@verona.lit\"."
            ),
            ("xmpp:juliet@verona.lit?message", "…@verona.lit?message"),
            ("reader juliet@verona.lit: gone.", "reader …@verona.lit: gone."),
            ("dispatch@news.verona.lit/newsletter", "dispatch@news.verona.lit/newsletter"),
            ("team@rooms.verona.lit", "team@rooms.verona.lit"),
            ("team@ROOMS.verona.lit.", "team@ROOMS.verona.lit."),
            ("no address", "no address"), ("@", "…@"), ("a@b@c", "…@b@c"),
        ]
    )
    func veiled(text: String, shown: String) {
        #expect(veil.veiled(text) == shown)
    }

    @Test("at all levels but debug and trace, in the message and in facts within facts")
    func levels() {
        final class Lines: Sendable {
            let all = Mutex<[String]>([])
        }
        let lines = Lines()
        let threshold = LogThreshold(.trace)
        let logger = Logger(label: "test") { _ in
            VeilingLogHandler(
                LineLogHandler(threshold: threshold) { line in
                    lines.all.withLock { $0.append(line) }
                },
                veil: veil
            )
        }
        for level in Logger.Level.allCases {
            logger.log(
                level: level,
                "juliet@verona.lit came",
                metadata: ["who": ["list": ["juliet@verona.lit", "romeo@verona.lit"]]]
            )
        }
        let shown = lines.all.withLock { $0 }
        #expect(shown.count == Logger.Level.allCases.count)
        for line in shown {
            let isForThoseWhoLookForFaults = line.contains(" debug ") || line.contains(" trace ")
            #expect(line.contains("juliet") == isForThoseWhoLookForFaults, "\(line)")
            #expect(line.contains("romeo") == isForThoseWhoLookForFaults)
        }
    }
}
