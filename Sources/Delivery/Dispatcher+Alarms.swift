import Foundation
import Storage

/// What is to be done later though nobody asks for it.
extension Dispatcher {
    struct Alarm: Sendable {
        let due: Date
        let pause: Duration
    }

    /// In seconds.
    private static let settlingPause: TimeInterval = 60

    /// Wakes the delivery at each alarm, until the task is cancelled.
    func keepTime(_ alarms: AsyncStream<Alarm>) async {
        await withDiscardingTaskGroup { group in
            for await alarm in alarms {
                group.addTask { [clock] in
                    guard (try? await clock.sleep(for: alarm.pause)) != nil else { return }
                    await self.rang(alarm)
                }
            }
            group.cancelAll()
        }
    }

    /// Sets an alarm for whatever the database says is due first.
    func setAlarm() async throws {
        let (retry, unsettled) = try await persistently("read what is due next") { store in
            try await store.read { (try $0.nextRetry(), try $0.firstUnsettledEnd()) }
        }
        if let retry { setAlarm(at: retry) }
        if let unsettled {
            let pause = (unsettled + settlingTime).timeIntervalSince(time.now)
            // What is not settled by then waits for the server to be heard.
            setAlarm(at: now() + (pause > 0 ? pause : Self.settlingPause))
        }
    }

    /// Sets an alarm, unless an earlier one is set.
    func setAlarm(at due: Date) {
        guard nextAlarm.map({ due < $0 }) ?? true else { return }
        nextAlarm = due
        // Of a clock that is set back no more than one turn is lost.
        let pause = min(max(0, due.timeIntervalSince(now())) + 0.01, 3600)
        alarmSetter?.yield(Alarm(due: due, pause: .seconds(pause)))
    }

    private func rang(_ alarm: Alarm) {
        if nextAlarm == alarm.due { nextAlarm = nil }
        wake()
    }
}
