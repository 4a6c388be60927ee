public import Foundation
import Storage

/// Looks at an installation step by step, and says of each failure what to do.
///
/// Nothing is changed. If the service runs, it is asked how its stream does; if not, the server is
/// connected to as the service would, for some seconds.
public struct Doctor: Sendable {
    let file: URL

    public init(file: URL) {
        self.file = file
    }

    /// Reports each step as soon as it is done; tells whether none has failed.
    public func examine(report: @Sendable (Diagnosis) -> Void) async -> Bool {
        var isWell = true
        func note(_ diagnoses: [Diagnosis]) {
            for diagnosis in diagnoses {
                if diagnosis.verdict == .failed { isWell = false }
                report(diagnosis)
            }
        }
        let configuration: Configuration
        do {
            configuration = try Configuration(file: file)
        } catch {
            note([
                Diagnosis("configuration", .failed, "\(error)"),
                Diagnosis("all else", .skipped, "It is looked at when the configuration is right."),
            ])
            return false
        }
        note(LocalExamination(configuration: configuration, file: file).diagnoses())
        note(await ServerExamination(configuration: configuration).diagnoses())
        return isWell
    }
}
