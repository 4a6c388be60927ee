import ServiceLifecycle
import Testing

@testable import Daemon

@Suite("Names of services")
struct NamedServiceTests {
    @Test("a service is called by its type, and nothing it holds is told to the log")
    func name() {
        let queue = WorkQueue(bound: 1)
        #expect("\(NamedService(service: QueueService(queue: queue)))" == "QueueService")
    }
}
