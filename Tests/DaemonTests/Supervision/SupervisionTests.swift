import Foundation
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import Testing

@testable import Daemon

@Suite("The service under a service manager")
struct SupervisionTests {
    private let inbox: DatagramInbox
    private let manager: ServiceManager

    init() throws {
        inbox = try DatagramInbox()
        manager = try #require(ServiceManager(environment: ["NOTIFY_SOCKET": inbox.path]))
    }

    /// Runs a service until the body is done, then ends it in order.
    private func run(_ service: any Service, while body: () async throws -> Void) async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: service)],
                logger: ServiceLog.logger(LogThreshold(.critical))
            )
        )
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            try await body()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test("it is ready, tells each change of its state once, and says that it ends")
    func life() async throws {
        let sentences = Mutex(["Not connected.", "Not connected.", "Connected."])
        let supervision = Supervision(manager: manager, interval: .milliseconds(5)) {
            sentences.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
        }
        try await run(supervision) {
            #expect(
                await inbox.texts(3) == ["READY=1", "STATUS=Not connected.", "STATUS=Connected."]
            )
            #expect(await inbox.texts(1, within: .milliseconds(50)) == [])
        }
        #expect(await inbox.texts(1) == ["STOPPING=1\nSTATUS=Ending."])
    }

    @Test("signs of life come while the event loops turn, and stay away when one of them is stuck")
    func watchdog() async throws {
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let watchdog = Watchdog(manager: manager, loops: loops, patience: .milliseconds(10))
        let isStuck = DispatchSemaphore(value: 0)
        try await run(watchdog) {
            #expect(await inbox.texts(3) == ["WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"])
            await withCheckedContinuation { isWaiting in
                loops.next().execute {
                    isWaiting.resume()
                    isStuck.wait()
                }
            }
            while inbox.next() != nil {}
            // One may have got through before, and be on its way.
            #expect(await inbox.texts(2, within: .milliseconds(500)).count < 2)
            isStuck.signal()
            #expect(await inbox.texts(1) == ["WATCHDOG=1"])
        }
        try await loops.shutdownGracefully()
    }
}
