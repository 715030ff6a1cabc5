"use strict";const e=require("../common/vendor.js"),n=e.defineComponent({__name:"k-icon",props:{name:{}},setup:n=>(n,o)=>({a:e.n(`k-icon--${n.name}`)})});wx.createComponent(n);
