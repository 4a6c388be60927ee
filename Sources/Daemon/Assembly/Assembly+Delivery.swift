import Commands
import Component
import Delivery
import Foundation
import Issues
import Logging
import Newsroom
import Readers
import Storage
import XMPP

/// How issues go out, and who is told of it.
extension Assembly {
    static func dispatcher(
        _ configuration: Configuration,
        _ store: Store,
        _ executor: StreamExecutor,
        _ logger: Logger,
        _ queue: WorkQueue,
        _ tally: DeliveryTally,
        _ news: DeliveryNews
    ) -> Dispatcher {
        let rhythm = ProgressRhythm(interval: configuration.progressInterval)
        let recorder = DeliveryRecorder(store: store, logger: logger)
        let drafts = DraftDeliveries(store: store)
        let now = CommandDialogue.timeSinceNow()
        return Dispatcher(
            store: store,
            domain: configuration.domain,
            pingTarget: configuration.stream.pingTarget,
            settings: configuration.delivery,
            logger: logger,
            executor: executor,
            report: { event in
                guard await !drafts.contain(event) else { return }
                tally.count(event)
                if let curve = recorder.note(event, at: Date()) {
                    _ = queue.add { await recorder.store(curve) }
                }
                // The delivery waits for us, so the room is told later.
                guard rhythm.isDue(event, at: now()) else { return }
                _ = queue.add { await news.tell(event) }
            }
        )
    }

    /// What becomes of that which comes back from readers.
    static func desk(
        _ idleReaders: IdleReaders,
        _ dispatcher: Dispatcher,
        _ metrics: ServiceMetrics
    ) -> ReturnedMessages.Desk {
        ReturnedMessages.Desk(
            genuine: { messages in
                try await idleReaders.genuine(messages) + dispatcher.genuine(messages)
            },
            note: { messages in
                try await idleReaders.cameBack(messages)
                let known = try await dispatcher.bounced(messages)
                metrics.cameBack(known)
                return known.filter(\.isSuspended).map { Message(suspending: $0) }
            }
        )
    }
}

extension Configuration {
    /// Makes of a text for somebody in a chat the messages it is sent as.
    var cut: @Sendable (String) -> [String] {
        { [messageSize] text in
            messageSize.map { ChatParts(text, limit: $0).texts } ?? [text]
        }
    }
}
