using System.Globalization;
using ShellGuard.Cells.Launching;
using ShellGuard.Cells.Layers;
using ShellGuard.Cells.Planning;
using ShellGuard.Cells.Supervision.Apart;
using ShellGuard.Cells.Supervision.Exec;
using ShellGuard.Cells.Supervision.Files;
using ShellGuard.Cells.Supervision.Network;
using ShellGuard.Cells.Supervision.Network.Dns;
using ShellGuard.Cells.Terminals;
using ShellGuard.Cells.Walls;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Seccomp;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Supervision;

/// <summary>Stands between one cell and the kernel for as long as the cell lives.</summary>
internal sealed class CellSupervisor(
    CellPlan plan, EffectivePolicy policy, SessionRecorder recorder, IQuestions questions, IEndpoints? endpoints = null)
    : IDisposable
{

    private readonly BaseKeeper _bases = new(plan.View);
    private CellDescriptors? _descriptors;
    private NetworkMediator? _network;
    private ApartMediator? _apart;
    private NotifyLoop? _loop;

    /// <summary>Process 1 of the cell, as this process numbers it. Known before anything runs in the cell.</summary>
    public int Init { get; set; }

    /// <summary>Begins to answer; everything received belongs to this object.</summary>
    /// <param name="second">Answers too, when it has done what it has to do.</param>
    /// <param name="lobby">Where the cell is a lobby: who carries out what it asks for.</param>
    public void Start(CellDescriptors descriptors, SecondThread second, Lobby? lobby = null)
    {
        _descriptors = descriptors;

        // Where the kernel cannot, answers only take longer.
        descriptors.Listener.EnableSynchronousWakeUp();
        IReadOnlyList<MountLine> mounts = MountLine.Of(Init.ToString(CultureInfo.InvariantCulture));
        CellFacts facts = new(
            NetworkMediator.CookieOf(descriptors.ResolverUdp), CellDevices.Of(mounts, MountLine.Of("self"), plan.View),
            new HashSet<(ulong, ulong)>());
        _network = new NetworkMediator(
            descriptors.Listener, facts, policy.Network, questions, recorder, new SessionAddresses(),
            new HostResolver(), descriptors.ResolverUdp, descriptors.ResolverTcp, endpoints, policy.Walls);
        SystemCallTable table = CellPlanner.TableOf(policy);
        _apart = table.Options.Apart ? new ApartMediator(descriptors.Listener, new OwnMounts(mounts, plan.View)) : null;
        _loop = new NotifyLoop(
            descriptors.Listener,
            table,
            Init,
            _network,
            new ExecObserver(plan.View, plan.Name, recorder),
            new WriteExplainer(plan.View, plan.Identity, _bases, recorder),
            new ReadExplainer(plan.View, recorder),
            recorder);
        _loop.Apart = _apart;
        _loop.Door = lobby?.Open(descriptors.Listener, Init, descriptors.Terminal);
        _loop.Start(second);
    }

    /// <summary>Sends a signal to the command and everything in its process group.</summary>
    public void Signal(int signal)
    {
        if (_loop is { Command: > 0 } loop)
        {
            // An error means that the command is gone; its end is being handled.
            Processes.SignalGroup(loop.Command, signal);
        }
    }

    /// <summary>The command as a job.</summary>
    public CellJob Job(Descriptor stops) => new(
        stops,
        () => _loop is { Command: > 0 } loop && Processes.IsStopped(loop.Command),
        () => Signal(SIG.CONT));

    /// <summary>Finishes what is done beside the cell, which is gone, so that its layers can be looked at.</summary>
    public void Finish() => _bases.Dispose();

    public void Dispose()
    {
        _network?.Dispose();
        _apart?.Dispose();
        if (_descriptors is { } descriptors)
        {
            descriptors.Listener.Dispose();
            descriptors.ResolverUdp.Dispose();
            descriptors.ResolverTcp.Dispose();
        }

        _bases.Dispose();
    }
}
