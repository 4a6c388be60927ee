import Component
import Logging
import Storage
import XMPP

/// What came back from readers, until it is noted.
///
/// Who is tried again, and who not any more, depends on it, and it comes only once: so it waits while the
/// database can't be written.
actor ReturnedMessages {
    /// What is done about them.
    struct Desk: Sendable {
        /// Those that answer something of ours, and come from whom that had gone to; writes nothing.
        let genuine: @Sendable ([Message]) async throws -> [Message]
        /// Notes them, and returns what is to be said because of that.
        ///
        /// If it throws, it is called again for all of them.
        let note: @Sendable ([Message]) async throws -> [Message]
    }

    private static let portion = 256
    private static let firstPause = Duration.milliseconds(500)
    private static let longestPause = Duration.seconds(30)

    private let desk: Desk
    /// How many may wait.
    private let capacity: Int
    private let clock: any Clock<Duration>
    private let logger: Logger
    private var waiting: [Message] = []
    /// The same: each once, or one who says the same again and again would take all the room there is.
    private var known: Set<Message> = []
    /// How many are noted at once; one by one after a failure, so that none keeps the others back.
    private var portionSize = ReturnedMessages.portion
    private var hasLost = false
    private var bell: AsyncStream<Void>.Continuation?

    init(
        _ desk: Desk,
        capacity: Int,
        clock: any Clock<Duration> = ContinuousClock(),
        logger: Logger
    ) {
        self.desk = desk
        self.capacity = capacity
        self.clock = clock
        self.logger = logger
    }

    /// How many wait.
    var count: Int { waiting.count }

    /// Notes them, later if the database can't be written; returns what is to be said at once.
    func take(_ messages: [Message]) async -> [Message] {
        // In their order, and nobody waits for a database of which it is known that it can't be written.
        guard waiting.isEmpty else {
            await keep(messages)
            return []
        }
        do {
            return try await desk.note(messages)
        } catch let error as StoreError where error.mayPass {
            logger.error(
                "What came back can't be noted yet; will try again",
                metadata: ["error": "\(error)"]
            )
            await keep(messages)
        } catch {
            logNotNoted(error)
        }
        return []
    }

    /// Notes what waits, and says what is to be said because of that, until the task is cancelled.
    ///
    /// One run at a time.
    func run(saying say: @Sendable ([Message]) async -> Void) async {
        let (signals, bell) = AsyncStream.makeStream(
            of: Void.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        self.bell = bell
        defer { self.bell = nil }
        bell.yield()
        for await _ in signals {
            await noteWaiting(say)
        }
    }

    private func noteWaiting(_ say: @Sendable ([Message]) async -> Void) async {
        var pause = Self.firstPause
        while !waiting.isEmpty, !Task.isCancelled {
            let portion = Array(waiting.prefix(portionSize))
            do {
                let words = try await desk.note(portion)
                forgetFirst(portion.count)
                portionSize = min(portionSize * 2, Self.portion)
                pause = Self.firstPause
                await say(words)
            } catch let error as StoreError where error.mayPass {
                logger.debug("What came back still waits", metadata: ["error": "\(error)"])
                // Whether it is the disk or this one is not known: the others have their turn.
                if portion.count == 1 { waiting.append(waiting.removeFirst()) }
                portionSize = 1
                guard (try? await clock.sleep(for: pause)) != nil else { return }
                pause = min(pause * 2, Self.longestPause)
                continue
            } catch is CancellationError {
                return
            } catch  where portion.count > 1 {
                portionSize = 1
                continue
            } catch {
                logNotNoted(error)
                forgetFirst(1)
            }
            if waiting.isEmpty {
                hasLost = false
                logger.notice("What came back is noted")
            }
        }
    }

    private func keep(_ messages: [Message]) async {
        // Anybody can send errors; where that can't be looked up, there is no telling.
        let genuine = (try? await desk.genuine(messages)) ?? messages
        var isLost = false
        for message in genuine.lazy.map(\.withoutContent) where !known.contains(message) {
            guard waiting.count < capacity else {
                isLost = true
                break
            }
            waiting.append(message)
            known.insert(message)
        }
        if isLost, !hasLost {
            hasLost = true
            logger.error(
                """
                More came back than can wait for the database; who is not noted is not tried again. \
                See why it can't be written.
                """,
                metadata: ["waiting": "\(waiting.count)"]
            )
        }
        bell?.yield()
    }

    private func forgetFirst(_ count: Int) {
        known.subtract(waiting.prefix(count))
        waiting.removeFirst(count)
    }

    private func logNotNoted(_ error: any Error) {
        logger.error("A returned message was not noted", metadata: ["reason": "\(error)"])
    }
}

extension Message {
    /// Its addresses and id, and what its error is: many send back what they got, and say much.
    fileprivate var withoutContent: Message {
        Message(type, id: id, from: from, to: to) {
            error.map { StanzaError($0.condition, type: $0.type).element }
        }
    }
}
