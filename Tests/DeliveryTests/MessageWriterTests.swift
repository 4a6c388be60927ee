import Component
import Foundation
import Storage
import Testing

@testable import Delivery

@Suite("Readers that are read ahead")
struct MessageWriterTests {
    private let stand: Newsstand
    private let fanOut: FanOutRecord

    init() async throws {
        stand = try await Newsstand()
        try await stand.subscribe(1...50)
        fanOut = try await stand.publish()
    }

    @Test("the page behind the one that is written is asked for once, and follows it")
    func follows() async throws {
        var writer = try await writer()
        let first = try await page(after: fanOut.cursor)
        writer.take(first, of: fanOut.id)
        let place = known(writer.placeAhead(of: fanOut.id))
        #expect(place.after == first.subscription(at: 19))
        #expect(writer.placeAhead(of: fanOut.id) == nil)
        let second = try await page(after: place.after)
        writer.takeAhead(second, place.number, of: fanOut.id)
        #expect(writePage(&writer) == first.subscription(at: 19))
        #expect(!writer.needsReaders(fanOut.id))
        #expect(writePage(&writer) == second.subscription(at: 19))
    }

    @Test("a batch waits for the page that is on its way")
    func waits() async throws {
        var writer = try await writer()
        writer.take(try await page(after: fanOut.cursor), of: fanOut.id)
        let place = known(writer.placeAhead(of: fanOut.id))
        #expect(!writer.awaitsReaders(of: fanOut.id))
        writePage(&writer)
        #expect(writer.awaitsReaders(of: fanOut.id))
        let second = try await page(after: place.after)
        writer.takeAhead(second, place.number, of: fanOut.id)
        #expect(!writer.awaitsReaders(of: fanOut.id))
        #expect(writePage(&writer) == second.subscription(at: 19))
    }

    @Test("what was asked for before something changed is not taken, though it comes later")
    func forgets() async throws {
        var writer = try await writer()
        writer.take(try await page(after: fanOut.cursor), of: fanOut.id)
        let old = known(writer.placeAhead(of: fanOut.id))
        writer.forgetReaders()
        #expect(writer.needsReaders(fanOut.id))
        #expect(!writer.awaitsReaders(of: fanOut.id))
        writer.take(try await page(after: fanOut.cursor), of: fanOut.id)
        let new = known(writer.placeAhead(of: fanOut.id))
        writePage(&writer)
        writer.takeAhead(try await page(after: old.after), old.number, of: fanOut.id)
        #expect(writer.awaitsReaders(of: fanOut.id))
        writer.takeAhead(try await page(after: new.after), new.number, of: fanOut.id)
        #expect(!writer.needsReaders(fanOut.id))
    }

    @Test("the last page, and what goes out at a pace, has none behind it")
    func none() async throws {
        var writer = try await writer()
        let second = try await page(after: try await page(after: fanOut.cursor).end)
        let last = try await page(after: second.end)
        #expect(last.count == 10)
        writer.take(last, of: fanOut.id)
        #expect(writer.placeAhead(of: fanOut.id) == nil)
        var slow = try await self.writer(pace: 50)
        slow.take(try await page(after: fanOut.cursor), of: fanOut.id)
        #expect(slow.placeAhead(of: fanOut.id) == nil)
    }

    @Test("a batch ends at its number of readers or of bytes, and is made in pieces")
    func pieces() async throws {
        var settings = DeliverySettings()
        settings.batchSize = 30
        settings.batchBytes = 2 * DeliverySettings.pieceBytes
        let body = String(repeating: "x", count: DeliverySettings.pieceBytes / 10)
        let large = try await stand.publish("large", saying: body)
        var writer = MessageWriter(settings, serverDomain: "verona.lit")
        let id = large.id
        writer.learn(try await stand.store.read { try $0.variants(of: id) }, of: large)
        let readers = try await stand.store.read {
            try $0.recipients(of: large, after: large.cursor, limit: 50)
        }
        writer.take(readers, of: id)
        let first = known(writer.makePiece(of: id, after: nil))
        #expect(first.count == 10)
        let second = known(writer.makePiece(of: id, after: first))
        #expect((11...20).contains(second.count))
        #expect(second.bytes >= settings.batchBytes)
        let third = writer.makePiece(of: id, after: second)
        #expect(third?.count == nil)
    }

    @Test("a batch that the pace has ended does not go on, though a moment later one more may go")
    func paced() async throws {
        var writer = try await writer(pace: 1)
        writer.take(try await page(after: fanOut.cursor), of: fanOut.id)
        let piece = known(writer.makePiece(of: fanOut.id, after: nil))
        let pause = known(writer.pause)
        let next = writer.makePiece(of: fanOut.id, after: piece)
        #expect(next?.count == nil)
        #expect(writer.pause == pause)
    }

    /// Makes both batches of a page; tells who is the last.
    @discardableResult
    private func writePage(_ writer: inout MessageWriter) -> SubscriptionRowID {
        let first = known(writer.makePiece(of: fanOut.id, after: nil))
        #expect(first.count == 10)
        return known(writer.makePiece(of: fanOut.id, after: nil)).end
    }

    private func writer(pace: Int = 0) async throws -> MessageWriter {
        var settings = DeliverySettings()
        settings.batchSize = 10
        settings.pace = pace
        var writer = MessageWriter(settings, serverDomain: "verona.lit")
        let id = fanOut.id
        writer.learn(try await stand.store.read { try $0.variants(of: id) }, of: fanOut)
        return writer
    }

    private func page(after cursor: SubscriptionRowID) async throws -> RecipientPage {
        let fanOut = fanOut
        return try await stand.store.read {
            try $0.recipients(of: fanOut, after: cursor, limit: 20)
        }
    }
}

extension RecipientPage {
    fileprivate var end: SubscriptionRowID { subscription(at: count - 1) }
}
