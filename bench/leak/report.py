class Results:
    def __init__(self, options): self.all={}; self.ways=[]
    def add(self, identity, kind, results): self.all[identity,kind]=results
    def add_turns(self, identity, results): pass
    def summary(self):
        out=[]
        for way in sorted(self.ways,key=lambda w:w.row):
            line=f"{way.row:3} {way.name:50}"
            why=""
            for key,res in self.all.items():
                m=res.get(way.name)
                line+=f" {key[0][0]}-{key[1][:5]}: {str(m) if m else '-':22}"
                if m and m.why and key[1]!="control": why=m.why
                if m and key[1]=="control" and not m.heard: line+="["+m.why+"]"
            out.append(line+" "+why)
        return "\n".join(out)
    def wrong(self): return False
