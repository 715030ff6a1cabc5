let t=0;const e=()=>`k${t+=1}`;export{e as n};
