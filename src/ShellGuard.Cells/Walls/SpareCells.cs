using ShellGuard.Cells.Sessions;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Walls;

/// <summary>Cells that are made before anybody asks for them: of the sides whose cells ended last. Nothing has run in them,
/// and the flow graph does not know them. One whose view would be another by now is not used. For one thread.</summary>
internal sealed class SpareCells(SessionContext session) : IDisposable
{
    /// <summary>Each is a process and a few threads of ours that wait.</summary>
    private const int Most = 4;

    // Every path is absolute, so the kernel never looks at the directory, openat(2).
    private static readonly Descriptor Nowhere = new();

    private readonly List<Spare> _spares = [];
    private readonly MountWatch _mounts = new();

    /// <summary>A limit of processes counts what the person does not see as well.</summary>
    private readonly bool _areAllowed = session.Request.Policy.Limits.Processes is null;

    /// <summary>Begins to make one, unless it is there. No cell of the group may run: two overlays must not share a directory
    /// to write to.</summary>
    public void Make(LabelGroup group, PlannedCell planned)
    {
        if (!_areAllowed || _spares.Exists(spare => spare.Group == group))
        {
            return;
        }

        if (_spares.Count == Most)
        {
            End(_spares[0]);
        }

        // What changes from here on makes it another view, also what changes before it is mounted.
        _spares.Add(new Spare(group, planned, StateOf(planned), LabelCell.Make(session, group, planned)));
    }

    /// <summary>The one of a group, which is nobody's spare any more.</summary>
    /// <returns>Null where there is none of this plan, or it is not what would be made now.</returns>
    public LabelCell? Take(LabelGroup group, PlannedCell planned)
    {
        if (_mounts.HaveChanged())
        {
            EndAll();
        }

        if (_spares.Find(spare => spare.Group == group) is not { } spare)
        {
            return null;
        }

        if (spare.Planned != planned || !spare.Cell.IsMade() || !spare.State.SequenceEqual(StateOf(planned)))
        {
            End(spare);
            return null;
        }

        _spares.Remove(spare);
        return spare.Cell;
    }

    public void Dispose()
    {
        EndAll();
        _mounts.Dispose();
    }

    /// <summary>All of them are killed before the end of one is waited for.</summary>
    private void EndAll()
    {
        foreach (Spare spare in _spares.Where(spare => spare.Cell.IsMade()))
        {
            spare.Cell.End();
        }

        _spares.ForEach(spare => spare.Cell.Dispose());
        _spares.Clear();
    }

    private void End(Spare spare)
    {
        _spares.Remove(spare);
        spare.Cell.Dispose();
    }

    /// <summary>The directories that an overlay has looked up already, as they are in the layers below: where one came into
    /// being since, the overlay would go on without it.</summary>
    private static FileIdentity?[] StateOf(PlannedCell planned) =>
        [.. planned.LookedUp.Select(path => Files.Status(Nowhere, path, out FileStatus status).Succeeded ? FileIdentity.Of(status) : null)];

    private sealed record Spare(LabelGroup Group, PlannedCell Planned, FileIdentity?[] State, LabelCell Cell);

    /// <summary>Tells that the host mounted or unmounted something: a cell has what was there when it was made,
    /// proc_pid_mounts(5).</summary>
    private sealed class MountWatch : IDisposable
    {
        private readonly Descriptor _table;
        private readonly PollSet _poll = new(1);

        public MountWatch()
        {
            Files.Open("/proc/self/mountinfo", OpenFlags.RDONLY | OpenFlags.CLOEXEC, out Descriptor table).OrThrow();
            _table = table;
            _poll.Set(0, _table, PollEvents.POLLPRI);
        }

        /// <summary>Since it was asked last.</summary>
        public bool HaveChanged() => _poll.Wait(0).OrThrow() > 0;

        public void Dispose() => _table.Dispose();
    }
}
