import Daemon
import Foundation

/// A configuration, whatever stands in it: it is read, or refused with sentences that name a line
/// of the file.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzConfiguration(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Data(UnsafeBufferPointer(start: start, count: count))
    let text = String(decoding: bytes, as: UTF8.self)
    // A made-up path may be a device that never ends.
    guard !text.contains("/dev"), !text.contains("/proc"), !text.contains("..") else { return 0 }
    let file = Place.folder.appending(path: "broadsheet.yaml")
    guard (try? bytes.write(to: file)) != nil else { fatalError("the disk is full") }
    do {
        let configuration = try Configuration(file: file)
        demand(!configuration.newsletters.isEmpty, text)
        check(configuration.warnings, text)
    } catch let error as ConfigurationError {
        demand(!error.problems.isEmpty, text)
        check(error.problems, text)
    } catch {
        fatalError("\(error)")
    }
    return 0
}

private func check(_ problems: [ConfigurationProblem], _ text: String) {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count
    for problem in problems {
        demand(!problem.message.isEmpty, text)
        demand((0...lines + 1).contains(problem.line), "line \(problem.line) of \(lines): \(text)")
    }
}

private enum Place {
    static let folder: URL = {
        let folder = URL.temporaryDirectory.appending(path: "broadsheet-fuzz-\(getpid())")
        let issues = folder.appending(path: "issues")
        do {
            try FileManager.default.createDirectory(at: issues, withIntermediateDirectories: true)
            try Data("s3cret\n".utf8).write(to: folder.appending(path: "secret"))
        } catch {
            fatalError("\(error)")
        }
        return folder
    }()
}
