import XML
import XMPP

extension ComponentStream {
    /// Sleeps until each alarm and tells the stream, until that is over or the task cancelled.
    ///
    /// An alarm is only set if it is earlier than all others, so that there are never many sleepers
    /// and an idle stream wakes up for its keep-alive alone.
    func keepTime() async {
        await withDiscardingTaskGroup { group in
            for await instant in alarms {
                group.addTask { await self.sleep(until: instant) }
            }
            group.cancelAll()
        }
    }

    /// Sets an alarm for whatever is due first.
    func setAlarm() {
        setAlarm(at: firstDue)
    }

    /// When something is due next; what is over must not be among it, or alarm followed on alarm.
    var firstDue: Instant? {
        let due = [
            tracker.nextDeadline, keepAliveDeadline, handshakeDeadline, closingDeadline,
        ]
        return due.compactMap { $0 }.min()
    }

    /// Sets an alarm, unless an earlier one is set.
    func setAlarm(at due: Instant?) {
        guard let due, nextAlarm.map({ due < $0 }) ?? true else { return }
        nextAlarm = due
        alarmSetter.yield(due)
    }

    /// The keep-alive has no say before the stream is open and after we have left it.
    private var keepAliveDeadline: Instant? {
        if case .open = phase { keepAlive.deadline } else { nil }
    }

    private func sleep(until instant: Instant) async {
        do {
            try await ContinuousClock().sleep(until: instant)
        } catch {
            return
        }
        if nextAlarm == instant { nextAlarm = nil }
        if !isReadingPaused { keepAlive.rang(for: instant, at: .now) }
        let mustPing = look(at: .now)
        setAlarm()
        if mustPing { await ping() }
    }

    /// Does what is due; true if the server is to be pinged.
    private func look(at now: Instant) -> Bool {
        for answer in tracker.expire(at: now) {
            answer.resolve(.failure(.timedOut))
        }
        switch phase {
        case .handshaking(var handshake):
            guard let deadline = handshakeDeadline, deadline <= now else { return false }
            _ = perform(handshake.timedOut())
            return false
        case .open:
            switch keepAlive.passed(to: now) {
            case .wait: return false
            case .ping: return true
            case .giveUpSilent:
                finish(.lost(.silent))
                return false
            case .giveUpDeaf:
                finish(.lost(.deaf))
                return false
            }
        case .closing:
            if let deadline = closingDeadline, deadline <= now { finish(.lost(.unanswered)) }
            return false
        case .over:
            return false
        }
    }

    /// Any answer shows that the server reads, so that its content does not matter.
    private func ping() async {
        let ping = IQ(
            .get,
            id: "",
            from: configuration.domain,
            to: configuration.pingTarget,
            payload: Element("ping", in: .ping)
        )
        let timings = configuration.timings
        _ = try? await request(ping, timeout: max(timings.pingAnswer, timings.deafness))
    }
}
