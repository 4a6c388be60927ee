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
            ("dispatch@news.verona.lit/newsletter", "dispatch@news.verona.lit"),
            ("<team@rooms.verona.lit/juliet>,", "<team@rooms.verona.lit>,"),
            ("team@rooms.verona.lit", "team@rooms.verona.lit"),
            ("team@ROOMS.verona.lit.", "team@ROOMS.verona.lit."),
            ("no address", "no address"), ("@", "…@"), ("a@b@c", "…@b@c"),
        ]
    )
    func veiled(text: String, shown: String) {
        #expect(veil.veiled(text) == shown)
    }

    @Test(
        "nothing readable is left before, within or after an address, whatever signs are in it",
        arguments: [
            ("o'neil@verona.lit", "…@verona.lit"),
            ("(juliet(capulet);young@verona.lit)", "(…@verona.lit)"),
            ("juliet[1],nurse@verona.lit", "…@verona.lit"),
            ("juliet@verona.lit/o'neil(phone);x", "…@verona.lit"),
            ("juliet@verona.lit./balcony", "…@verona.lit."),
            ("juliet@my_host/balcony", "…@my_host"),
            ("juliet@[::1]/balcony", "…@[::1]"),
            ("juliet@verona.lit/me@balcony", "…@verona.lit"),
            ("juliet@verona.lit|romeo@mantua.lit", "…@verona.lit|…@mantua.lit"),
            ("juliet@verona.lit:romeo@mantua.lit", "…@verona.lit:…@mantua.lit"),
            ("juliet@verona.lit->romeo@mantua.lit", "…@verona.lit->…@mantua.lit"),
            ("juliet@verona.lit→romeo@mantua.lit", "…@verona.lit→…@mantua.lit"),
            ("juliet@verona.lit,romeo@mantua.lit", "…@verona.lit,…@mantua.lit"),
            ("juliet@verona.lit/balcony->romeo@mantua.lit", "…@verona.lit"),
            ("team@rooms.verona.lit|romeo@mantua.lit", "team@rooms.verona.lit|…@mantua.lit"),
            ("team@rooms.verona.lit->romeo@mantua.lit", "team@rooms.verona.lit->…@mantua.lit"),
            ("romeo@mantua.lit|team@rooms.verona.lit", "…@mantua.lit|team@rooms.verona.lit"),
            ("team@rooms.verona.lit/juliet|romeo@mantua.lit", "team@rooms.verona.lit"),
        ]
    )
    func signs(text: String, shown: String) {
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
