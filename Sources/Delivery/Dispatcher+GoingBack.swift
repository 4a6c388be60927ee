public import Component
import Foundation
import Logging
import Storage

/// What a server may have lost that it had read.
extension Dispatcher {
    /// Stands in the database while a stream is open, and until one has ended cleanly.
    private static let uncleanKey = "delivery.unclean"

    struct Loss: Sendable {
        /// How the stream ended; nil if that was in a process before.
        let end: StreamEnd?
    }

    /// Takes back what a server that died may have lost.
    ///
    /// Nothing is taken back after a stream that ended cleanly, since it was read to its end; nor
    /// what was acknowledged by a server that is still running. The first stream of a process comes
    /// after the last of the one before, which may have died together with its server.
    func goBack(on stream: any StanzaStream, after end: StreamEnd?) async throws {
        if lastStreamEnd == nil { try await goOnWithTime() }
        let isUnclean = try await isUnclean(end)
        let age = isUnclean ? try await serverAge.ask(on: stream) : nil
        if let age, let lastStreamEnd, age > time.now.timeIntervalSince(lastStreamEnd) {
            // It is the server of the stream before.
            return
        }
        // Where the machine was started anew, only the time of day can tell, if it was left alone.
        let isDated = lastStreamEnd == nil && !time.wasSetBack
        let start = isDated ? age.map { time.now - $0 } : nil
        let target = rewindTarget(end)
        let note = time.note
        let retries = retries(lostSince: target, unlessReadAfter: start)
        let fanOuts = try await persistently("go back") { store in
            try await store.write { transaction -> [FanOutRecord] in
                try transaction.setSetting(Self.uncleanKey, to: "yes")
                try transaction.setSetting(SteadyTime.key, to: note)
                guard isUnclean else { return [] }
                try transaction.rewindRetries(retries.target, within: retries.period)
                return try transaction.rewindFanOuts(target, unlessReadAfter: start)
            }
        }
        for fanOut in fanOuts {
            logger.notice(
                "Going back in a delivery, since the stream was lost",
                metadata: fanOut.metadata.merging(["sent": "\(fanOut.sent)"]) { $1 }
            )
        }
    }

    /// Notes how a stream ended; only after a clean end the next process has nothing to take back.
    public func streamEnded(_ end: StreamEnd) async {
        guard end.isClean, loss == nil else { return }
        do {
            try await store.write { try $0.setSetting(Self.uncleanKey, to: nil) }
        } catch {
            logger.error("A clean end was not noted", metadata: ["reason": "\(error)"])
        }
    }

    private func goOnWithTime() async throws {
        let (note, last) = try await persistently("read the time of the last delivery") { store in
            try await store.read {
                (try $0.setting(SteadyTime.key), try $0.lastAcknowledgement())
            }
        }
        time.goOn(from: note, last: last)
    }

    /// The same for those who were tried again, of whom the time of day is kept.
    private func retries(
        lostSince target: RewindTarget,
        unlessReadAfter start: Date?
    ) -> (target: RewindTarget, period: ClosedRange<Date>) {
        let date = now()
        let difference = date.timeIntervalSince(time.now)
        let latest = min(start.map { $0 + difference } ?? date, date)
        let earliest = min(date - DeliverySettings.errorPatience.seconds, latest)
        return (target.moved(by: difference), earliest...latest)
    }

    private func isUnclean(_ end: StreamEnd?) async throws -> Bool {
        if let end { return !end.isClean }
        return try await persistently("read how the last stream ended") { store in
            try await store.read { try $0.setting(Self.uncleanKey) != nil }
        }
    }

    private func rewindTarget(_ end: StreamEnd?) -> RewindTarget {
        let seconds = settings.rewind.seconds
        guard let end, let lastStreamEnd else { return .beforeLastAcknowledgement(by: seconds) }
        let moment = lastStreamEnd - seconds
        // Such a server was given up long after it had stopped reading.
        let isLate = end == .lost(.silent) || end == .lost(.deaf)
        return .moment(isLate ? moment - DeliverySettings.silenceAllowance.seconds : moment)
    }
}

extension RewindTarget {
    /// The same by another clock.
    fileprivate func moved(by seconds: TimeInterval) -> RewindTarget {
        switch self {
        case .moment(let date): .moment(date + seconds)
        case .beforeLastAcknowledgement: self
        }
    }
}
