import Foundation
import Testing

@testable import Delivery

@Suite("When a server started")
struct ServerStartTests {
    let epoch = Date(timeIntervalSince1970: 1_700_000_000)

    /// As it is told after so many seconds by a server that started at `start`.
    private func told(
        after seconds: Double,
        startedAt start: Double = 0,
        slowness: Double = 0,
        isAskedLate: Bool = false
    ) -> ServerStart {
        let moment = seconds + (isAskedLate ? slowness : 0) - start
        let asked = epoch + seconds
        return ServerStart(
            age: moment.rounded(.down),
            asked: asked,
            answered: asked + slowness
        )
    }

    @Test(
        "a server is the same at whichever part of a second it is asked, and however slowly it answers",
        arguments: [(0.0, false), (0.4, true), (9, false), (9, true)]
    )
    func same(slowness: Double, isAskedLate: Bool) {
        let first = told(after: 5)
        for tenth in 0...30 {
            let next = told(
                after: 86_400 + Double(tenth) / 10,
                startedAt: 0.05,
                slowness: slowness,
                isAskedLate: isAskedLate
            )
            #expect(first.mayBe(next) && next.mayBe(first), "\(tenth)")
        }
    }

    @Test(
        "servers that started 4 s apart are two, those 2 s apart may be one",
        arguments: [(4.05, false), (2, true), (-2, true), (-4.05, false), (-5000, false)]
    )
    func other(start: Double, mayBe: Bool) {
        let first = told(after: 300)
        for tenth in 0...30 {
            let next = told(after: 320 + Double(tenth) / 10, startedAt: start)
            #expect(first.mayBe(next) == mayBe, "\(tenth)")
            #expect(next.mayBe(first) == mayBe, "\(tenth)")
        }
    }

    @Test("it surely runs since somewhat after it seems to")
    func runningSince() {
        #expect(told(after: 20).runningSince == epoch + 2)
        #expect(told(after: 20, slowness: 7).runningSince == epoch + 9)
    }

    @Test("the next process knows it again from the note, and makes nothing of another one")
    func note() throws {
        let start = told(after: 300.125, slowness: 0.5)
        let again = try #require(ServerStart(note: start.note))
        #expect(again.mayBe(start))
        #expect(abs(again.runningSince.timeIntervalSince(start.runningSince)) < 0.001)
        for note in ["", "1", "1 2 3", "yes no", "1 nothing"] {
            #expect(ServerStart(note: note) == nil, "\(note)")
        }
    }
}
