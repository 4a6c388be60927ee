import ArgumentParser
import Foundation
import Issues

/// Corrects issue files in place, once somebody has agreed.
struct FileFixing {
    let checker: IssueChecker

    /// Whether nobody needs to be asked.
    let isAgreed: Bool

    func run(on paths: [String]) throws {
        let fixes = checker.fixes(of: paths.compactMap { try? CheckFile(reading: $0) })
        guard !fixes.isEmpty else {
            Failure.say("There is nothing that can be corrected without judgement.")
            return
        }
        for fix in fixes { Failure.say(fix.diff, terminator: "") }
        guard isAgreed || ask(fixes.count) else {
            Failure.say("Nothing was written.")
            return
        }
        for fix in fixes { try write(fix) }
    }

    private func ask(_ count: Int) -> Bool {
        guard isatty(STDIN_FILENO) == 1 else {
            Failure.say("Give --yes to have this written.")
            return false
        }
        Failure.say(
            "Write \(count == 1 ? "this file" : "these \(count) files")? [y/N] ",
            terminator: ""
        )
        return ["y", "yes"].contains(readLine()?.lowercased())
    }

    /// Puts the new text in the place of the old one, unless that has changed since it was read.
    private func write(_ fix: IssueFix) throws {
        let file = URL(filePath: fix.path).resolvingSymlinksInPath()
        do {
            guard try Data(contentsOf: file) == Data(fix.before) else {
                throw Failure.exit(
                    "\(fix.path) has just been changed by somebody else; nothing was written there.",
                    status: CheckReport.unreadableStatus
                )
            }
            let manager = FileManager.default
            let mode = try manager.attributesOfItem(atPath: file.path)[.posixPermissions]
            try Data(fix.after).write(to: file, options: .atomic)
            if let mode {
                try manager.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
            }
        } catch let error as ExitCode {
            throw error
        } catch {
            throw Failure.exit(
                "\(fix.path) can't be written: \(error.localizedDescription)",
                status: CheckReport.unreadableStatus
            )
        }
    }
}
