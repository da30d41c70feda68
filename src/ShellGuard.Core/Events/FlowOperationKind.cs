namespace ShellGuard.Core.Events;

/// <summary>What changed in the flow graph. The numbers are frozen: they stand in journals.</summary>
public enum FlowOperationKind
{
    CreateCell = 1,
    CreateLayer = 2,
    CreateService = 3,
    CreateHuman = 4,
    AcquireSource = 5,
    AcquireSink = 6,
    Connect = 7,
    Disconnect = 8,
    DropSink = 9,
    PublishLayer = 10,
    EndCell = 11,
    FillGate = 12,
    PassGate = 13,
    FreezeCell = 14,
    ThawCell = 15,
}
