using ShellGuard.Cells.Layers;
using ShellGuard.Cells.Planning;
using ShellGuard.Cells.View;
using ShellGuard.Linux;

namespace ShellGuard.Cells.Sessions;

/// <summary>Makes the directories that a view's overlays need, with what is planted in them.</summary>
public static class SessionLayout
{
    public static LinuxResult Prepare(ViewPlan view)
    {
        foreach (LayerPlan layer in view.Layers.Concat(view.Kept))
        {
            LinuxResult made = PlantWriter.MakeRoot(layer.Upper, layer.Target);
            if (made.Failed)
            {
                return made;
            }

            Directory.CreateDirectory(layer.Work);
        }

        foreach (LayerPlan kept in view.Kept)
        {
            Directory.CreateDirectory(kept.Empty);
        }

        foreach (ViewEntry.Overlay overlay in view.Entries.OfType<ViewEntry.Overlay>())
        {
            if (overlay.Mask is not null)
            {
                LinuxResult made = PlantWriter.MakeRoot(overlay.Mask, overlay.Lower);
                if (made.Failed)
                {
                    return made;
                }
            }
        }

        PlantWriter writer = new();
        foreach (Plant plant in view.Plants)
        {
            LinuxResult planted = writer.Write(plant);
            if (planted.Failed)
            {
                return planted;
            }
        }

        return default;
    }

    /// <summary>Records what each layer holds before the session, so that it is never taken for a change.</summary>
    /// <exception cref="SessionException">A layer's record cannot be written.</exception>
    public static void RecordBaselines(ViewPlan view)
    {
        foreach (LayerPlan layer in view.Layers)
        {
            List<string> kept = [];
            foreach (ProtectedPath path in view.Protected)
            {
                if (Paths.IsBeneath(path.Path, layer.Target))
                {
                    kept.Add(Paths.Below(path.Path, layer.Target));
                }
            }

            if (!BaselineRecorder.TryRecord(layer.Storage, layer.Target, kept, out string? problem))
            {
                throw new SessionException(problem);
            }
        }
    }
}
