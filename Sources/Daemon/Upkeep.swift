import Component
import Foundation
import Logging
import Newsroom
import PubSub
import Readers

/// What the service does from time to time, though nobody asks for it.
///
/// It needs an open stream, since those whose subscription has ended are told.
struct Upkeep: Sendable {
    let serviceDesk: ServiceDesk
    let outbox: Outbox
    let census: ReaderCensus
    let signUpNotices: SignUpNotices
    let idleReaders: IdleReaders
    /// The pause between two rounds; the first begins with the stream.
    let interval: Duration

    func run(on stream: any StanzaStream) async {
        while !Task.isCancelled {
            await outbox.carryOut(await serviceDesk.upkeep(), on: stream)
            await forgetOldErrors()
            await census.take(at: Date())
            await askIdleReaders(on: stream)
            await tellOfSignUps()
            try? await Task.sleep(for: interval)
        }
    }

    private func forgetOldErrors() async {
        do {
            try await outbox.dispatcher.forgetOldErrors()
        } catch {
            serviceDesk.logger.error("Upkeep failed", metadata: ["reason": "\(error)"])
        }
    }

    private func askIdleReaders(on stream: any StanzaStream) async {
        do {
            let round = try await idleReaders.round()
            if !round.effects.isEmpty {
                await outbox.carryOut(round.effects, on: stream)
                guard await outbox.dispatcher.hasBeenRead(on: stream) else { return }
            }
            try await idleReaders.noteRead(round)
        } catch {
            serviceDesk.logger.error("Nobody was asked", metadata: ["reason": "\(error)"])
        }
    }

    private func tellOfSignUps() async {
        for alarm in serviceDesk.service.signUps.takeAlarms() {
            let logger = serviceDesk.logger
            logger.warning(
                "More people want to subscribe than are taken",
                metadata: ["domain": "\(alarm.domain ?? "all")", "limit": "\(alarm.limit)"]
            )
            do {
                try await signUpNotices.tell(of: alarm)
            } catch {
                logger.error("The rooms were not told", metadata: ["reason": "\(error)"])
            }
        }
    }
}
