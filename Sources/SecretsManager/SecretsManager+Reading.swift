// Reads that the cache cannot answer: one request for all who wait.

import Logging
import Stores
import Synchronization
import World

extension SecretsManager {
    func ask(_ name: String, refreshing: Bool) async throws -> SecretBundle {
        // Only a read that begins from here on is new enough.
        let least = refreshing ? state.withLock { $0.nextSerial } : nil
        var hasWaited = false
        while true {
            let answer: CacheState.Answer
            if let settled = settle(name, newerThan: least, waiter: nil) {
                answer = settled
            } else {
                if !hasWaited, !refreshing { metrics?(.miss(name: name)) }
                hasWaited = true
                answer = await wait(name, newerThan: least)
            }
            switch answer {
            case .fresh(let bundle):
                if !hasWaited { metrics?(.hit(name: name)) }
                return bundle
            case .stale(let bundle, let age):
                metrics?(.stale(name: name, age: age))
                return bundle
            case .failed(let error): throw error
            case .again: continue
            }
        }
    }

    private func wait(_ name: String, newerThan least: UInt64?) async -> CacheState.Answer {
        let id = waiterIDs.add(1, ordering: .relaxed).newValue
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if let settled = settle(name, newerThan: least, waiter: (id, continuation)) {
                    continuation.resume(returning: settled)
                }
            }
        } onCancel: {
            state.withLock { $0.removeWaiter(id) }?.continuation.resume(returning: .failed(CancellationError()))
        }
    }

    /// The answer, if there is one by now. If not, and there is a waiter, it is added to a read, which begins if need be.
    private func settle(
        _ name: String, newerThan least: UInt64?,
        waiter: (id: UInt64, continuation: CheckedContinuation<CacheState.Answer, Never>)?
    ) -> CacheState.Answer? {
        let now = ticks()
        return state.withLock { state in
            let decision = state.decide(name, newerThan: least, now: now, patience: lifetimes.patience)
            switch decision {
            case .answer(let answer): return answer
            case .answerAndRead(let answer):
                begin(name, in: &state, isBackground: true, now: now)
                return answer
            case .join, .read: break
            }
            guard let waiter else { return nil }
            // Cancelled from here on, it is found among the waiters.
            if Task.isCancelled { return .failed(CancellationError()) }
            let serial: UInt64
            var wantsLater = false
            if case .join(let joined, let later) = decision {
                serial = joined
                wantsLater = later
            } else {
                serial = begin(name, in: &state, isBackground: false, now: now)
            }
            state.add(
                CacheState.Waiter(
                    continuation: waiter.continuation, isRefreshing: least != nil, wantsLater: wantsLater),
                id: waiter.id, to: serial)
            return nil
        }
    }

    @discardableResult
    private func begin(_ name: String, in state: inout CacheState, isBackground: Bool, now: UInt64) -> UInt64 {
        let serial = state.depart(name, isBackground: isBackground, now: now)
        // When readers who could have what is stale lose their patience: not before it is stale.
        let patience = state.entries[name].map { entry in
            lifetimes.patience + Duration(nanoseconds: entry.expiresAt > now ? entry.expiresAt - now : 0)
        }
        // Detached: the read belongs to no caller, and is neither cancelled nor traced with one.
        state.setTask(Task.detached { await self.fly(name, serial, patience: patience) }, of: serial)
        return serial
    }

    private func fly(_ name: String, _ serial: UInt64, patience: Duration?) async {
        let began = ticks()
        let timer = patience.map { patience in
            Task.detached {
                guard (try? await self.world.sleep(patience)) != nil else { return }
                self.lose(serial)
            }
        }
        let result = await read(name)
        timer?.cancel()
        switch result {
        case .success(let bundle): land(serial, bundle, began: began)
        case .failure(let error): land(serial, error, began: began)
        }
        await timer?.value
    }

    private func read(_ name: String) async -> Result<SecretBundle, SecretsManagerError> {
        do {
            return .success(try SecretBundle(try await store.read(name, .current), name: name))
        } catch let error as SecretsManagerError {
            return .failure(error)
        } catch let error as StoreError {
            return .failure(SecretsManagerError(error, reading: name, from: store.place))
        } catch is CancellationError {
            return .failure(.shutDown)
        } catch {
            // A store throws nothing else; its words are unknown, so they are not repeated.
            return .failure(.refused(name: name, reason: "an unexpected \(type(of: error))"))
        }
    }
}

extension SecretsManager {
    private func land(_ serial: UInt64, _ bundle: SecretBundle, began: UInt64) {
        let now = ticks()
        // As old as the request, not as its answer.
        let entry = CachedSecret(bundle, serial: serial, loadedAt: began, lifetimes: lifetimes)
        let landed = state.withLock { state -> (flight: CacheState.Flight, failed: Int)? in
            guard let flight = state.land(serial) else { return nil }
            guard !flight.isForgotten else { return (flight, 0) }
            let failed = state.keep(entry, capacity: lifetimes.capacity, now: now)
            snapshot.replace(with: state.entries)
            return (flight, failed)
        }
        guard let (flight, failed) = landed else { return }
        for waiter in flight.waiters.values {
            waiter.continuation.resume(returning: waiter.wantsLater ? .again : .fresh(bundle))
        }
        metrics?(
            .refresh(name: bundle.name, duration: elapsed(began, now), background: flight.isBackground))
        if failed > 0 {
            logger.notice("secret \(bundle.name.oneLine) was read again after \(failed) failures")
        } else {
            logger.debug("secret \(bundle.name.oneLine) was read, version \(bundle.versionID.oneLine)")
        }
    }

    private func land(_ serial: UInt64, _ error: SecretsManagerError, began: UInt64) {
        let now = ticks()
        let jitter = world.jitter()
        let landed = state.withLock { state -> (flight: CacheState.Flight, entry: CachedSecret?, pause: UInt64)? in
            guard let flight = state.land(serial) else { return nil }
            guard !flight.isForgotten else { return (flight, nil, 0) }
            let entry = state.entries[flight.name].flatMap { $0.isUsable(at: now) ? $0 : nil }
            let failures = (state.failures[flight.name]?.count ?? 0) + 1
            let pause = lifetimes.backoff(failures: failures, jitter: jitter)
            state.fail(
                flight.name, error, until: now.addingWithoutOverflow(pause), capacity: lifetimes.capacity, now: now)
            if !error.isTransient { snapshot.replace(with: state.entries) }
            return (flight, entry, pause)
        }
        guard let (flight, entry, pause) = landed else { return }
        let usable = error.isTransient ? entry : nil
        for waiter in flight.waiters.values {
            let answer: CacheState.Answer
            if waiter.wantsLater {
                answer = .again
            } else if let usable, !waiter.isRefreshing {
                answer =
                    usable.isFresh(at: now)
                    ? .fresh(usable.bundle) : .stale(usable.bundle, age: usable.age(at: now))
            } else {
                answer = .failed(error)
            }
            waiter.continuation.resume(returning: answer)
        }
        metrics?(.failure(name: flight.name, error: error, duration: elapsed(began, now)))
        say(error, of: flight.name, entry: entry, pause: Duration(nanoseconds: pause), now: now)
    }

    /// Once per request, so as often as the store is asked and no more.
    private func say(
        _ error: SecretsManagerError, of name: String, entry: CachedSecret?, pause: Duration, now: UInt64
    ) {
        guard error.isTransient else {
            logger.error("\(error)\(entry == nil ? "" : "; what was cached of it is dropped")")
            return
        }
        guard let entry else {
            logger.warning("\(error); nothing of it is cached; the store is left alone for \(pause.words)")
            return
        }
        let age = entry.age(at: now).words
        if entry.isFresh(at: now) {
            logger.warning(
                "\(error); values read \(age) ago are still fresh; the store is left alone for \(pause.words)")
        } else {
            logger.warning(
                "\(error); stale values read \(age) ago are served; the store is left alone for \(pause.words)")
        }
    }

    private func lose(_ serial: UInt64) {
        let now = ticks()
        guard let (entry, waiters) = state.withLock({ $0.lose(serial, now: now) }) else { return }
        let age = entry.age(at: now)
        for waiter in waiters { waiter.continuation.resume(returning: .stale(entry.bundle, age: age)) }
        logger.warning(
            "secret \(entry.bundle.name.oneLine): \(store.place) is slow; stale values read \(age.words) ago are served"
        )
    }

    private func elapsed(_ from: UInt64, _ to: UInt64) -> Duration { Duration(nanoseconds: to > from ? to - from : 0) }
}
