import Foundation
import Synchronization
import Testing

@testable import LinkCheck

@Suite struct LinkSurveyTests {
    /// Who is asked at the same time as others.
    private final class Traffic: Sendable {
        struct State {
            var running: [String: Int] = [:]
            var most = 0
            var mostOfOneHost = 0
            var asked: [String] = []
        }
        private let state = Mutex(State())

        var seen: State { state.withLock { $0 } }

        func visit(_ address: String) async {
            let host = LinkSurvey.host(address)
            state.withLock { state in
                state.running[host, default: 0] += 1
                state.asked.append(address)
                state.most = max(state.most, state.running.values.reduce(0, +))
                state.mostOfOneHost = max(state.mostOfOneHost, state.running[host] ?? 0)
            }
            for _ in 0..<5 { await Task.yield() }
            state.withLock { $0.running[host, default: 0] -= 1 }
        }
    }

    @Test("hosts are asked a few at a time, and each by one request after the other")
    func politeness() async {
        let traffic = Traffic()
        let pauses = Mutex<[Duration]>([])
        let addresses = (0..<10).flatMap { host in
            (0..<4).map { "https://h\(host).example/\($0)" }
        }
        let survey = LinkSurvey(parallelHosts: 3, pause: .seconds(2)) { duration in
            pauses.withLock { $0.append(duration) }
        } follow: { address in
            await traffic.visit(address)
            return .reachable
        }
        let verdicts = await survey.verdicts(on: Set(addresses))
        #expect(verdicts.count == 40)
        #expect(traffic.seen.asked.count == 40)
        #expect((2...3).contains(traffic.seen.most))
        #expect(traffic.seen.mostOfOneHost == 1)
        #expect(pauses.withLock { $0 } == Array(repeating: .seconds(2), count: 30))
    }

    @Test(
        "the host of an address is what a server is known by",
        arguments: [
            ("https://A.example/b", "a.example"), ("http://u@a.example:81?c", "a.example:81"),
            ("nonsense", ""),
        ]
    )
    func hosts(_ address: String, _ expected: String) {
        #expect(LinkSurvey.host(address) == expected)
    }

    @Test("verdicts are kept: long if a page is there, an hour if not, and never from the future")
    func cache() throws {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "links-\(UInt64.random(in: 0...UInt64.max))/links.json")
        defer { try? FileManager.default.removeItem(at: file.deletingLastPathComponent()) }
        let now = Date(timeIntervalSince1970: 1_794_817_800)
        var cache = LinkCache(file: file)
        cache.remember(.reachable, on: "a", now: now)
        cache.remember(.dead(reason: "gone"), on: "b", now: now)
        cache.remember(.reachable, on: "old", now: now - 30 * 86_400)
        try cache.write(to: file, now: now)
        let copy = LinkCache(file: file)
        #expect(copy.entries.keys.sorted() == ["a", "b"])
        #expect(copy.verdict(on: "a", now: now + 6 * 86_400) == .reachable)
        #expect(copy.verdict(on: "a", now: now + 8 * 86_400) == nil)
        #expect(copy.verdict(on: "b", now: now + 3_000) == .dead(reason: "gone"))
        #expect(copy.verdict(on: "b", now: now + 4_000) == nil)
        #expect(copy.verdict(on: "a", now: now - 1) == nil)
        try Data("nonsense".utf8).write(to: file)
        #expect(LinkCache(file: file).entries.isEmpty)
    }
}
