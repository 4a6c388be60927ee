import Storage
import Testing

@testable import Delivery

@Suite("The window of batches under way")
struct BarrierWindowTests {
    let verse = FanOutRowID(rawValue: 1)
    let prose = FanOutRowID(rawValue: 2)

    private func end(_ value: Int64) -> SubscriptionRowID {
        SubscriptionRowID(rawValue: value)
    }

    private func place(
        _ fanOut: FanOutRowID,
        _ value: Int64,
        _ count: Int
    ) -> BarrierWindow.Acknowledgement {
        BarrierWindow.Acknowledgement(fanOut: fanOut, end: end(value), count: count)
    }

    @Test("a batch takes its room until it is stored")
    func room() {
        var window = BarrierWindow(capacity: 2)
        let first = window.wrote(upTo: end(10), count: 10, of: verse)
        #expect(window.hasRoom)
        _ = window.wrote(upTo: end(20), count: 10, of: verse)
        #expect(!window.hasRoom)
        window.barrierAnswered(first)
        #expect(!window.hasRoom)
        #expect(window.beginStoring() == [place(verse, 10, 10)])
        #expect(!window.hasRoom)
        window.endStoring()
        #expect(window.hasRoom)
        #expect(!window.isEmpty)
        #expect(window.contains(verse))
    }

    @Test("a barrier that is not answered stores nothing")
    func unanswered() {
        var window = BarrierWindow(capacity: 2)
        _ = window.wrote(upTo: end(10), count: 10, of: verse)
        #expect(window.beginStoring().isEmpty)
    }

    @Test(
        "a later answer proves the earlier batches too, and an answer that comes late nothing new"
    )
    func laterAnswer() {
        var window = BarrierWindow(capacity: 4)
        let first = window.wrote(upTo: end(10), count: 10, of: verse)
        let second = window.wrote(upTo: end(20), count: 10, of: verse)
        _ = window.wrote(upTo: end(30), count: 10, of: verse)
        window.barrierAnswered(second)
        #expect(window.beginStoring() == [place(verse, 20, 20)])
        window.barrierAnswered(first)
        window.endStoring()
        #expect(window.beginStoring().isEmpty)
        #expect(!window.isEmpty)
    }

    @Test("the disk is bothered for a quarter of the window, or for all there is")
    func worthStoring() {
        var window = BarrierWindow(capacity: 16)
        let numbers = (1...6).map { window.wrote(upTo: end(Int64($0)), count: 1, of: verse) }
        window.barrierAnswered(numbers[2])
        #expect(window.beginStoring().isEmpty)
        window.barrierAnswered(numbers[3])
        #expect(window.beginStoring() == [place(verse, 4, 4)])
        window.endStoring()
        window.barrierAnswered(numbers[4])
        #expect(window.beginStoring().isEmpty)
        window.barrierAnswered(numbers[5])
        #expect(window.beginStoring() == [place(verse, 6, 2)])
    }

    @Test("what is answered while something is stored waits, and is stored together")
    func coalescing() {
        var window = BarrierWindow(capacity: 4)
        let numbers = (1...4).map { index in
            window.wrote(upTo: end(Int64(index) * 10), count: 10, of: index == 2 ? prose : verse)
        }
        window.barrierAnswered(numbers[0])
        #expect(window.beginStoring() == [place(verse, 10, 10)])
        window.barrierAnswered(numbers[3])
        #expect(window.beginStoring().isEmpty)
        window.endStoring()
        #expect(window.beginStoring() == [place(prose, 20, 10), place(verse, 40, 20)])
        window.endStoring()
        #expect(window.isEmpty)
        #expect(!window.contains(verse))
    }
}
