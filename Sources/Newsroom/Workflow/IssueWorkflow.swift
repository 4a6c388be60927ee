import Storage

/// How far an issue has come, and which ways lead on from there.
///
/// It has neither clock nor database: who keeps it says what happened, and stores what it became.
struct IssueWorkflow: Hashable, Sendable {
    typealias State = WorkflowRecord.State

    /// How far the team is with approving the files as they are.
    enum Approval: Hashable {
        case none, some, enough
    }

    private enum Stage: Hashable {
        /// Any state but `scheduled`.
        case at(State)
        case scheduled(PublicationSchedule, resumes: State)
    }

    private var stage: Stage
    /// What the files were when they were checked or approved; nil before.
    private(set) var files: String?

    /// An issue that nobody has touched, or that is as far as the ledger says.
    init(_ state: State = .draft) {
        stage = .at(state == .scheduled ? .draft : state)
    }

    var state: State {
        switch stage {
        case .at(let state): state
        case .scheduled: .scheduled
        }
    }

    var schedule: PublicationSchedule? {
        if case .scheduled(let schedule, _) = stage { schedule } else { nil }
    }

    // MARK: - On the way to readers

    /// Its files, all of them, were checked; errors make it a draft again.
    mutating func checked(isClean: Bool, files: String) {
        self.files = files
        moveResting { state in
            switch state {
            case .draft, .checked: isClean ? .checked : .draft
            case .inReview, .approved: isClean ? state : .draft
            case .scheduled, .publishing, .published, .corrected, .retracted: state
            }
        }
    }

    /// Its files are these now; if they were others, it is a draft again.
    mutating func found(files: String) {
        guard let known = self.files, known != files else { return }
        self.files = nil
        moveResting { state in
            switch state {
            case .draft, .checked, .inReview, .approved: .draft
            case .scheduled, .publishing, .published, .corrected, .retracted: state
            }
        }
    }

    /// Somebody approved the files as they are, or takes that back.
    mutating func reviewed(_ approval: Approval, files: String) {
        self.files = files
        moveResting { state in
            switch (state, approval) {
            case (.draft, .none), (.checked, .none): state
            case (.draft, .enough), (.checked, .enough), (.inReview, .enough), (.approved, .enough):
                .approved
            case (.draft, .some), (.checked, .some), (.inReview, _), (.approved, _): .inReview
            case (.scheduled, _), (.publishing, _), (.published, _), (.corrected, _),
                (.retracted, _):
                state
            }
        }
    }

    // MARK: - Its time

    mutating func schedule(_ schedule: PublicationSchedule) throws(WorkflowRefusal) {
        switch stage {
        case .scheduled(let earlier, _): throw .scheduledAlready(earlier)
        case .at(let state): stage = .scheduled(schedule, resumes: state)
        }
    }

    /// Takes the schedule off, be it that somebody wants so or that it can't be kept.
    ///
    /// - Returns: The schedule that was.
    mutating func unschedule() throws(WorkflowRefusal) -> PublicationSchedule {
        switch stage {
        case .scheduled(let schedule, let resumes):
            stage = .at(resumes)
            return schedule
        case .at:
            throw .notScheduled
        }
    }

    /// Its time has come: whoever saw that goes on only if it still is that very schedule.
    mutating func begin(_ due: PublicationSchedule) throws(WorkflowRefusal) {
        guard schedule == due else { throw .superseded }
        stage = .at(.publishing)
    }

    // MARK: - At the readers

    /// Somebody publishes it; against a schedule only on purpose.
    mutating func publish(atOnce: Bool) throws(WorkflowRefusal) {
        if let schedule, !atOnce { throw .waits(schedule) }
        stage = .at(.publishing)
    }

    /// All that was on its way has arrived.
    mutating func delivered() {
        moveResting { $0 == .publishing ? .published : $0 }
    }

    mutating func correct() {
        moveResting { _ in .corrected }
    }

    /// It was taken back; if nothing of it is left, a schedule is off as well.
    mutating func retract(isWhole: Bool) {
        if isWhole { stage = .at(.retracted) }
    }

    /// Changes the state, or the one to which it will return.
    private mutating func moveResting(_ move: (State) -> State) {
        switch stage {
        case .at(let state): stage = .at(move(state))
        case .scheduled(let schedule, let resumes):
            stage = .scheduled(schedule, resumes: move(resumes))
        }
    }
}

// MARK: - As it is stored

extension IssueWorkflow {
    init(_ record: WorkflowRecord) {
        if let schedule = record.schedule {
            stage = .scheduled(schedule, resumes: record.resumes ?? .draft)
        } else {
            stage = .at(record.state)
        }
        files = record.files
    }

    func record(of key: IssueKey) -> WorkflowRecord {
        switch stage {
        case .at(let state): WorkflowRecord(key: key, state: state, files: files)
        case .scheduled(let schedule, let resumes):
            WorkflowRecord(
                key: key,
                state: .scheduled,
                schedule: schedule,
                resumes: resumes,
                files: files
            )
        }
    }
}
