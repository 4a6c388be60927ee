import Dispatch
import Synchronization

/// Runs something asynchronous to its end: libFuzzer knows nothing of tasks.
func waiting<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) -> Value {
    let result = Mutex<Result<Value, any Error>?>(nil)
    let done = DispatchSemaphore(value: 0)
    // A task of its own, since nothing here is in one.
    Task {
        let end: Result<Value, any Error>
        do { end = .success(try await body()) } catch { end = .failure(error) }
        result.withLock { $0 = end }
        done.signal()
    }
    done.wait()
    switch result.withLock({ $0 }) {
    case .success(let value): return value
    case .failure(let error): fatalError("\(error)")
    case nil: fatalError("nothing came of it")
    }
}
