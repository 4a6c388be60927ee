import Foundation
import Synchronization
import Testing

@testable import LinkCheck

@Suite("Links that others ask for", .timeLimit(.minutes(15))) struct LinkInspectorTests {
    private final class Web: Sendable {
        private let state = Mutex((asked: [String](), now: Date(timeIntervalSince1970: 1_000_000)))

        var asked: [String] { state.withLock { $0.asked } }
        var now: Date { state.withLock { $0.now } }

        func pass(_ seconds: TimeInterval) { state.withLock { $0.now += seconds } }

        func follow(_ address: String) -> LinkVerdict {
            state.withLock { $0.asked.append(address) }
            return address.hasSuffix("gone") ? .dead(reason: "gone") : .reachable
        }
    }

    private let web = Web()

    private func inspector(_ change: (inout LinkSettings) -> Void = { _ in }) -> LinkInspector {
        var settings = LinkSettings()
        settings.pause = .zero
        settings.deadline = .seconds(600)
        change(&settings)
        let web = web
        return LinkInspector(settings, now: { web.now }) { web.follow($0) }
    }

    @Test("what was asked a while ago is not asked again, the dead sooner than the living")
    func remembering() async {
        let inspector = inspector()
        let links = ["http://a.example/", "http://b.example/gone"]
        let verdicts: [String: LinkVerdict] = [
            links[0]: .reachable, links[1]: .dead(reason: "gone"),
        ]
        #expect(await inspector.verdicts(on: links) == verdicts)
        #expect(await inspector.verdicts(on: links) == verdicts)
        #expect(web.asked.count == 2)
        web.pass(7_200)
        #expect(await inspector.verdicts(on: links) == verdicts)
        #expect(web.asked.count == 3)
    }

    @Test("no more are followed than may be, and a further question goes on with the rest")
    func most() async {
        let inspector = inspector { $0.most = 2 }
        let links = (1...3).map { "http://a.example/\($0)" }
        #expect(await inspector.verdicts(on: links).count == 2)
        #expect(await inspector.verdicts(on: links).count == 3)
        #expect(web.asked == links)
    }

    @Test("when time is over, what is known is told, and what was broken off is not")
    func deadline() async {
        var settings = LinkSettings()
        settings.pause = .zero
        settings.deadline = .milliseconds(100)
        let inspector = LinkInspector(settings) { address in
            if address.contains("slow") { try? await Task.sleep(for: .seconds(3_600)) }
            return .reachable
        }
        let verdicts = await inspector.verdicts(on: [
            "http://slow.example/", "http://slow.example/2",
        ])
        #expect(verdicts.isEmpty)
    }
}
