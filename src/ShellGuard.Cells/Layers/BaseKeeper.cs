using System.Threading.Channels;
using ShellGuard.Cells.Planning;
using ShellGuard.Cells.View;

namespace ShellGuard.Cells.Layers;

/// <summary>Keeps, while a session runs, what files of the host were, as soon as the session is about to write them:
/// at the session's end the host may have changed them too. The writer does not wait: its change goes to the layer, and
/// the host's file stays what it is.</summary>
/// <param name="view">What the cell sees.</param>
internal sealed class BaseKeeper(ViewPlan view) : IDisposable
{
    private const int Waiting = 256;

    // A full queue means that a write is not seen here; what the host has not changed then is kept at the end.
    private readonly Channel<(LayerPlan Layer, string Path)> _queue =
        Channel.CreateBounded<(LayerPlan, string)>(new BoundedChannelOptions(Waiting)
        {
            FullMode = BoundedChannelFullMode.DropWrite,
            SingleReader = true,
        });

    private readonly Lock _starting = new();
    private Thread? _thread;
    private bool _isFinished;

    /// <summary>A file may be about to get another content.</summary>
    /// <param name="layer">See <see cref="LayerOf"/>.</param>
    /// <param name="path">Absolute, without links, as the cell sees it; beneath the layer's target. It need not exist.
    /// </param>
    public void Note(LayerPlan layer, string path)
    {
        if (_thread is null)
        {
            Start();
        }

        _queue.Writer.TryWrite((layer, Paths.Below(path, layer.Target)));
    }

    /// <summary>The copy-on-write directory whose file a path is, or null.</summary>
    internal LayerPlan? LayerOf(string path)
    {
        WritablePath? deepest = null;
        foreach (WritablePath writable in view.Writable)
        {
            if (Paths.IsAtOrBeneath(path, writable.Path) && writable.Path.Length > (deepest?.Path.Length ?? -1))
            {
                deepest = writable;
            }
        }

        foreach (LayerPlan layer in view.Layers)
        {
            if (layer.Target == deepest?.Path)
            {
                return layer;
            }
        }

        return null;
    }

    /// <summary>Finishes what is waiting; afterwards nothing of the layers is open.</summary>
    public void Dispose()
    {
        _queue.Writer.TryComplete();
        lock (_starting)
        {
            _isFinished = true;
            _thread?.Join();
        }
    }

    private void Start()
    {
        lock (_starting)
        {
            if (_thread is null && !_isFinished)
            {
                Thread thread = new(Run, 512 * 1024) { IsBackground = true, Name = "base" };
                thread.Start();
                _thread = thread;
            }
        }
    }

    private void Run()
    {
        Dictionary<LayerPlan, Layer?> layers = [];
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_queue.Reader.TryRead(out (LayerPlan Layer, string Path) written))
            {
                if (!layers.TryGetValue(written.Layer, out Layer? layer))
                {
                    // One that cannot be opened says so at the end, where people look.
                    layers[written.Layer] = layer = Layer.TryOpen(written.Layer.Storage, out Layer? opened, out _) ? opened : null;
                }

                layer?.Bases.Keep(layer, written.Path);
            }
        }

        foreach (Layer? layer in layers.Values)
        {
            layer?.Dispose();
        }
    }
}
