/** What the server says once it answers, and what it says when its clock has jumped. */
const STARTED = "Fairway is running at";
export const JUMPED = "the clock has jumped";

/**
 * Settings of a server process whose clock jumps once, so long after it answers: everything in it that asks for the time is told
 * another one from then on. Its timers, the clock of the database and those of other processes go on as they were.
 */
export function jumpingClock(byMs: number, afterMs: number): { readonly NODE_OPTIONS: string } {
  const code = `let a=0;const r=Date.now,n=()=>r()+a,o=process.stdout,w=o.write.bind(o);
    o.write=(t,...m)=>{if(String(t).includes("${STARTED}"))setTimeout(()=>{a=${byMs};w("${JUMPED}\\n")},${afterMs}).unref();return w(t,...m)};
    globalThis.Date=new Proxy(Date,{construct:(t,g,w)=>Reflect.construct(t,g.length?g:[n()],w),get:(t,k,r)=>k==="now"?n:Reflect.get(t,k,r)})`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
}
