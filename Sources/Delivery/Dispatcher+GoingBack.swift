public import Component
import Foundation
import Logging
import Storage

/// What a server may have lost that it had read.
extension Dispatcher {
    /// Stands in the database while a stream is open, and until one has ended cleanly.
    private static let uncleanKey = "delivery.unclean"

    enum Loss: Hashable, Sendable {
        /// How the last stream of the process before ended stands in the database.
        case ofProcessBefore
        /// A stream of this process was lost; its server lived then for certain, by the steady time,
        /// if that is known.
        case ofStream(lastLife: Date?)
    }

    /// Takes back what a server that died may have lost.
    ///
    /// Nothing is taken back after a stream that ended cleanly, since it was read to its end; nor
    /// what was acknowledged by a server that is still running, and is the one we are connected to
    /// again. The first stream of a process comes after the last of the one before, which may have
    /// died together with its server.
    func goBack(on stream: any StanzaStream) async throws {
        newLoss = nil
        if loss == .ofProcessBefore { try await goOnAfterProcess() }
        let loss = try await unsettledLoss()
        let asked = time.now
        let start = try await askForStart(on: stream, after: loss)
        let (answer, life) = start == nil ? (lastAnswer, lastLife) : (time.now, asked)
        // Of another server the age says nothing, such as that of a cluster's next node.
        let survivor = start.flatMap { server?.mayBe($0) == true ? $0 : nil }
        let target = loss.flatMap { rewindTarget(for: $0, before: survivor?.runningSince) }
        let reading = loss == .ofProcessBefore ? survivor?.runningSince : nil
        let note = time.note
        let retries = target.map { self.retries(lostSince: $0, unlessReadAfter: reading) }
        let multicast = settings.multicast
        let fanOuts = try await persistently("go back") { store in
            try await store.write { transaction -> [FanOutRecord] in
                try transaction.noteMulticast(multicast)
                try transaction.setSetting(Self.uncleanKey, to: "yes")
                try transaction.setSetting(SteadyTime.key, to: note)
                try transaction.setSetting(ServerStart.key, to: start?.note)
                guard let target, let retries else { return [] }
                try transaction.rewindRetries(retries.target, within: retries.period)
                try transaction.rewindQuestions(
                    retries.target,
                    upTo: retries.period.upperBound
                )
                return try transaction.rewindFanOuts(target, unlessReadAfter: reading)
            }
        }
        // Before that a stream that ended would have left all of it to the next one. What was lost
        // with this one meanwhile still is.
        (self.loss, lastAnswer, lastLife, server) = (newLoss, answer, life, start)
        for fanOut in fanOuts {
            logger.notice(
                "Going back in a delivery, since the stream was lost",
                metadata: fanOut.metadata.merging(["sent": "\(fanOut.sent)"]) { $1 }
            )
        }
    }

    /// Notes how a stream ended; only after a clean end the next process has nothing to take back.
    ///
    /// A loss stands until it is taken back, however the streams after it ended.
    public func streamEnded(_ end: StreamEnd) async {
        let life = await life(of: stream)
        stream = nil
        if end.isClean {
            lastLife = life
        } else {
            newLoss = .ofStream(lastLife: life)
            loss = loss ?? newLoss
        }
        guard loss == nil else { return }
        do {
            try await store.write { try $0.setSetting(Self.uncleanKey, to: nil) }
        } catch {
            logger.error("A clean end was not noted", metadata: ["reason": "\(error)"])
        }
    }

    private func goOnAfterProcess() async throws {
        let (note, last, server) = try await persistently("read how the last delivery was left") {
            try await $0.read {
                (
                    try $0.setting(SteadyTime.key), try $0.lastAcknowledgement(),
                    try $0.setting(ServerStart.key)
                )
            }
        }
        time.goOn(from: note, last: last)
        // Where the machine was started anew, only the time of day can tell, if it was left alone.
        self.server = time.wasSetBack ? nil : server.flatMap(ServerStart.init(note:))
    }

    /// The same for those who were tried again, of whom the time of day is kept.
    private func retries(
        lostSince target: RewindTarget,
        unlessReadAfter start: Date?
    ) -> (target: RewindTarget, period: ClosedRange<Date>) {
        let date = now()
        let difference = date.timeIntervalSince(time.now)
        let latest = min(start.map { $0 + difference } ?? date, date)
        var earliest = min(date - DeliverySettings.errorPatience.seconds, latest)
        let target = target.moved(by: difference)
        if case .moment(let moment) = target { earliest = min(earliest, moment) }
        return (target, earliest...latest)
    }

    private func unsettledLoss() async throws -> Loss? {
        guard loss == .ofProcessBefore else { return loss }
        let isUnclean = try await persistently("read how the last stream ended") { store in
            try await store.read { try $0.setting(Self.uncleanKey) != nil }
        }
        return isUnclean ? loss : nil
    }

    /// Asks on each stream, since the next one may come after its server's death.
    private func askForStart(
        on stream: any StanzaStream,
        after loss: Loss?
    ) async throws -> ServerStart? {
        let asked = time.now
        if let age = try await serverAge.ask(on: stream) {
            return ServerStart(age: age, asked: asked, answered: time.now)
        }
        if loss != nil {
            logger.warning(
                """
                The server does not tell since when it runs, so what it may have lost is sent again \
                after each lost stream. Load mod_uptime in Prosody, mod_last in ejabberd.
                """,
                metadata: ["server": "\(barrier.target)"]
            )
        }
        return nil
    }

    /// How far a loss makes go back; nil if the server, which is the one that we had then, runs since
    /// before it lived for certain.
    ///
    /// How late we hear of its death does not matter: it may have lost what it had read in the seconds
    /// before that moment, and since.
    private func rewindTarget(for loss: Loss, before start: Date?) -> RewindTarget? {
        let seconds = settings.rewind.seconds
        switch loss {
        case .ofProcessBefore, .ofStream(lastLife: nil):
            return .beforeLastAcknowledgement(by: seconds)
        case .ofStream(let lastLife?):
            return start.map { $0 < lastLife } == true ? nil : .moment(lastLife - seconds)
        }
    }

    /// When the server lived for certain, as far as that stream tells it, and those before.
    func life(of stream: (any StanzaStream)?) async -> Date? {
        guard let instant = await stream?.lastLife else { return lastLife }
        let date = time.now - instant.duration(to: .now).seconds
        return lastLife.map { max($0, date) } ?? date
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
