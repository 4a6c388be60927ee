import Dispatch
import Synchronization

extension Array where Element: Sendable {
    /// Does the same with each element, several at a time, and gives the results in order.
    ///
    /// It returns when all are done. What is done must not wait for anything: it holds a thread.
    func onAllCores<Result: Sendable>(_ body: @Sendable (Element) -> Result) -> [Result] {
        guard count > 1 else { return map(body) }
        let results = Mutex([Result?](repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let result = body(self[index])
            results.withLock { $0[index] = result }
        }
        return results.withLock { $0.compactMap { $0 } }
    }
}
